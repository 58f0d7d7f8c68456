import type { StoredRecord } from '../../src/simulators/avni/organisation.js';

type Body = Record<string, unknown>;

const QUESTIONS: Record<string, string[]> = {
  enrolment: ['Last menstrual period', 'Expected delivery', 'Gravida'],
  'Antenatal visit': ['Weight', 'Fundal height', 'Fetal heart rate', 'Haemoglobin', 'Presentation', 'Next visit'],
};

/**
 * What integrations/maternal makes of a record, a line for each resource, worked out apart from the
 * engine: its type and what it says.
 */
export function expectedOf({ kind, type, body, voided }: StoredRecord): string[] {
  const observations = (body['observations'] ?? {}) as Body;
  const examination = (observations['Examination'] ?? {}) as Body;
  const all = { ...observations, ...examination };
  const answers = (names: string[] = []): string[] =>
    names.flatMap((name) => (all[name] === undefined ? [] : [`Observation ${name} ${String(all[name])}`]));
  if (voided) return [];
  if (type === 'Household') return [`Group ${String(observations['First name'])} ${String(observations['Water source'])}`];
  if (type === 'Woman') return [`Patient ${String(observations['First name'])} ${String(observations['Gender']).toLowerCase()}`];
  if (kind === 'enrolment')
    return [`EpisodeOfCare ${body['Exit datetime'] === null ? 'active' : 'finished'}`, ...answers(QUESTIONS['enrolment'])];
  if (body['Encounter date time'] === null) return [];
  const list = (name: string): unknown[] => (observations[name] ?? []) as unknown[];
  if (type === 'Home visit')
    return ['Encounter Home visit', ...list('Advice given').map((advice) => `Observation Advice given ${String(advice)}`)];
  if (type === 'Antenatal visit')
    return [
      'Encounter Antenatal visit',
      ...answers(QUESTIONS[type]),
      ...('Systolic' in examination
        ? [`Observation Blood pressure ${String(examination['Systolic'])}/${String(examination['Diastolic'])}`]
        : []),
      ...list('Danger signs').map((sign) => `Condition ${String(sign)}`),
      ...list('Medicines').map(
        (row) => `MedicationStatement ${String((row as Body)['Medicine'])} ${String((row as Body)['Tablets'] ?? '-')}`,
      ),
    ];
  const live = (list('Babies') as Body[]).filter((baby) => baby['Outcome'] === 'Live birth');
  return [
    'Encounter Delivery',
    ...live.map((baby) => `Patient baby ${baby['Sex'] === 'Girl' ? 'female' : 'male'}`),
    ...live.map(() => `RelatedPerson MTH ${String(body['Subject ID'])}`),
    ...live.flatMap((baby) => (baby['Birth weight'] === undefined ? [] : [`Observation Birth weight ${String(baby['Birth weight'])}`])),
  ];
}

/** The same line of a resource as it is stored. */
export function lineOf(resource: Body): string {
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((of, step) => (typeof of === 'object' && of !== null ? (of as Body)[step] : undefined), resource);
  const text = (path: string): string => String(at(path) ?? '-');
  const type = text('resourceType');
  switch (type) {
    case 'Group':
      return `Group ${text('name')} ${text('characteristic.0.valueCodeableConcept.text')}`;
    case 'Patient':
      return at('name') === undefined ? `Patient baby ${text('gender')}` : `Patient ${text('name.0.given.0')} ${text('gender')}`;
    case 'EpisodeOfCare':
      return `EpisodeOfCare ${text('status')}`;
    case 'Encounter':
      return `Encounter ${text('type.0.text')}`;
    case 'Condition':
      return `Condition ${text('code.text')}`;
    case 'MedicationStatement':
      return `MedicationStatement ${text('medicationCodeableConcept.text')} ${text('dosage.0.text').replace(' tablets', '')}`;
    case 'RelatedPerson':
      return `RelatedPerson ${text('relationship.0.coding.0.code')} ${text('identifier.0.value')}`;
    default: {
      const pressure =
        at('component') === undefined ? undefined : `${text('component.0.valueQuantity.value')}/${text('component.1.valueQuantity.value')}`;
      const value = ['valueQuantity.value', 'valueCodeableConcept.text', 'valueDateTime', 'valueInteger', 'valueString']
        .map(at)
        .find((each) => each !== undefined);
      return `${type} ${text('code.text')} ${pressure ?? String(value)}`;
    }
  }
}
