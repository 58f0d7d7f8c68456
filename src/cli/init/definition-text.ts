import type { DraftedType, LeftOut } from './drafted-types.js';

const FHIR_GENDER: ReadonlyMap<string, string> = new Map([
  ['female', 'female'],
  ['male', 'male'],
  ['other', 'other'],
  ['unknown', 'unknown'],
]);

const ZONE = 'Asia/Kolkata';

const FUNCTIONS = String.raw`
functions:
  at: 'function($moment) { $moment ? $dateTime($moment, "${ZONE}") }'
  # The rows of a question group that repeats, each with its place in the form.
  numbered: 'function($rows) { $map($rows, function($row, $index) { $merge([$row, { "number": $string($index + 1) }]) }) }'
  # The answer to the question of a row, which may stand in a question group.
  answer: 'function($row) { $lookup($row.group ? $lookup(observations, $row.group) : observations, $row.concept) }'
  question: 'function($row) { { "coding": $row.loinc ? [{ "system": "http://loinc.org", "code": $row.loinc }], "text": $row.concept } }'
  # The value of an answer, as an Observation and a component of one have it.
  value: |
    function($row, $answer) {
      $row.kind = "quantity" ? { "valueQuantity": {
        "value": $answer,
        "unit": $row.unit,
        "system": $row.ucum ? "http://unitsofmeasure.org",
        "code": $row.ucum
      } }
      : $row.kind = "choice" ? { "valueCodeableConcept": $choice($row, $answer) }
      : $row.kind = "date" ? { "valueDateTime": $date($answer, "${ZONE}") }
      : $row.kind = "dateTime" ? { "valueDateTime": $at($answer) }
      : { "valueString": $string($answer) }
    }
  # Several answers are as many components.
  components: |
    function($row, $answer) {
      $row.kind = "choices"
        ? $answer.{ "code": $question($row), "valueCodeableConcept": $choice($row, $) }
        : $merge([{ "code": $question($row) }, $value($row, $answer)])
    }
  # An Observation has one value.
  values: |
    function($row, $answer) {
      $row.kind = "choices" ? { "component": $components($row, $answer) } : $value($row, $answer)
    }
`;

/** With a table of answers, or without any. */
const CHOICE = `  choice: |
    function($row, $answer) {
      {
        "coding": $rows("answers")[concept = $row.concept and answer = $answer and $exists(code)].{ "system": system, "code": code },
        "text": $answer
      }
    }
`;
const TEXT = `  choice: 'function($row, $answer) { { "text": $answer } }'\n`;

export interface DefinitionParts {
  integration: string;
  types: DraftedType[];
  leftOut: LeftOut[];
  genders: string[];
  hasAnswers: boolean;
}

/** A definition that is valid, of everything that is set up, to be completed by an implementer. */
export function definitionText({ integration, types, leftOut, genders, hasAnswers }: DefinitionParts): string {
  const tables = types.filter(({ rows }) => rows.length > 0).map(({ name }) => `  ${name}: { file: codes/${name}.csv }\n`);
  return [
    '# yaml-language-server: $schema=./definition.schema.json\n',
    '#\n# Made of what the organisation has set up, to be completed: take out what is not to move, put codes and units into\n',
    '# codes/*.csv (a row of a table is a question, or an answer), and map what stands under "ignore".\n',
    ...leftOut.map(({ type, why }) => `# Left out: ${oneLine(type)}, since ${why}.\n`),
    `\nintegration: ${integration}\n`,
    SYSTEMS,
    '\ncodes:\n',
    `  gender: { ${genders.map((name) => `${quoted(name)}: ${quoted(FHIR_GENDER.get(name.toLowerCase()) ?? '')}`).join(', ')} }\n`,
    hasAnswers ? '  answers: { file: codes/answers.csv }\n' : '',
    ...tables,
    FUNCTIONS,
    hasAnswers ? CHOICE : TEXT,
    '\nprocesses:\n  care:\n    every: 5 minutes\n    entityTypes:\n',
    types.map(typeText).join('\n'),
  ].join('');
}

const SYSTEMS = `
systems:
  avni:
    connector: avni
    url: "\${AVNI_URL}"
    auth: { username: "\${AVNI_USERNAME}", password: "\${AVNI_PASSWORD}" }
  emr:
    connector: fhir
    url: "\${FHIR_URL}"
    auth: { token: "\${FHIR_TOKEN}" }
`;

function typeText(type: DraftedType): string {
  const { name, kind, subject, enrolment, ignored } = type;
  const parents = [
    ...(subject !== undefined ? [`${subject}: "\`Subject ID\`"`] : []),
    ...(enrolment !== undefined ? [`${enrolment}: "\`Enrolment ID\`"`] : []),
  ];
  const isVisit = kind === 'programEncounter' || kind === 'encounter';
  const observes = type.rows.length > 0 ? ', Observation' : '';
  return [
    `      ${name}:\n`,
    parents.length > 0 ? `        dependsOn: { ${parents.join(', ')} }\n` : '',
    `        from: { system: avni, ${kind}: ${quoted(type.type)} }\n`,
    `        to: { system: emr, resources: [${resourceOf(type)}${observes}] }\n`,
    isVisit ? '        # Planned and cancelled visits stay behind.\n' : '',
    isVisit ? '        when: "`Encounter date time` != null and `Cancel date time` = null"\n' : '',
    '        map:\n',
    `          record: |\n${indented(recordOf(type), 12)}`,
    type.rows.some(({ group }) => !type.repeating.includes(group)) ? questionsText(type) : '',
    ...type.repeating.map((group, index) => repeatingText(type, group, index)),
    ignored.length > 0 ? `        # Not mapped yet.\n        concepts: { ignore: [${ignored.map(quoted).join(', ')}] }\n` : '',
  ].join('');
}

function resourceOf({ kind, isPerson }: DraftedType): string {
  if (kind === 'subject') return isPerson ? 'Patient' : 'Group';
  return kind === 'enrolment' ? 'EpisodeOfCare' : 'Encounter';
}

function recordOf(type: DraftedType): string {
  const { kind, isPerson, subject, enrolment } = type;
  if (kind === 'subject') return isPerson ? PERSON : groupText(type.type);
  if (kind === 'enrolment')
    return `{
  "resourceType": "EpisodeOfCare",
  "status": \`Exit datetime\` ? "finished" : "active",
  "type": [{ "text": Program }],
  "patient": $parent("${subject}"),
  "period": { "start": $at(\`Enrolment datetime\`), "end": $at(\`Exit datetime\`) }
}`;
  return `{
  "resourceType": "Encounter",
  "status": "finished",
  "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "FLD" },
  "type": [{ "text": \`Encounter type\` }],
  "subject": $parent("${subject}"),${enrolment === undefined ? '' : `\n  "episodeOfCare": [$parent("${enrolment}")],`}
  "period": { "start": $at(\`Encounter date time\`) }
}`;
}

const PERSON = `{
  "resourceType": "Patient",
  "identifier": [{ "system": "urn:avni:subject", "value": ID }],
  "active": true,
  "name": [{ "given": [observations.\`First name\`], "family": observations.\`Last name\` }],
  "gender": $code("gender", observations.Gender),
  "birthDate": observations.\`Date of birth\`
}`;

function groupText(type: string): string {
  return `{
  "resourceType": "Group",
  "identifier": [{ "system": "urn:avni:subject", "value": ID }],
  "active": true,
  "type": "person",
  "actual": true,
  "code": { "text": ${JSON.stringify(type)} },
  "name": observations.\`First name\`
}`;
}

/** When it was, and of whom. */
function contextOf({ kind, subject }: DraftedType): string {
  if (kind === 'subject') return `"subject": $ref("record"), "effectiveDateTime": $$.\`Registration date\``;
  const of = `"subject": $parent("${subject}")`;
  if (kind === 'enrolment') return `${of}, "effectiveDateTime": $at($$.\`Enrolment datetime\`)`;
  return `${of}, "encounter": $ref("record"), "effectiveDateTime": $at($$.\`Encounter date time\`)`;
}

/** One Observation for each question of the table that was answered. */
function questionsText(type: DraftedType): string {
  const repeating = type.repeating.map((group) => JSON.stringify(group)).join(', ');
  const single = type.repeating.length > 0 ? ` and $not(group in [${repeating}])` : '';
  const base = `"resourceType": "Observation", "status": "final", "code": $question($), ${contextOf(type)}`;
  return `          question:
            each: |
              $rows("${type.name}")[$exists($answer($))${single}]
            id: '(group ? group & "/" : "") & concept'
            resource: |
              $merge([{ ${base} }, $values($, $answer($))])
`;
}

/** One Observation for each row of a group that repeats, with a component for each answer. */
function repeatingText(type: DraftedType, group: string, index: number): string {
  const name = JSON.stringify(group);
  return `          rows${index + 1}:
            each: |
              $numbered($lookup(observations, ${name}))[$count($keys($)) > 1]
            id: number
            resource: |
              ($row := $; {
                "resourceType": "Observation", "status": "final", "code": { "text": ${name} },
                ${contextOf(type)},
                "component": $rows("${type.name}")[group = ${name} and $exists($lookup($row, concept))].$components($, $lookup($row, concept))
              })
`;
}

function indented(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => `${' '.repeat(by)}${line}\n`)
    .join('');
}

/** As YAML takes any text; no line of it is broken. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
