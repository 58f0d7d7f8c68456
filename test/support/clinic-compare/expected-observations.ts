import { observationsOf, type AvniRecord } from '../../../src/cli/demo/compare/avni-record.js';
import type { Expected } from '../../../src/cli/demo/compare/expectation.js';
import { getOwn } from '../../../src/model/keyed.js';
import { answersTo } from './answers.js';

const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';
const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category';
const INTERPRETATIONS = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const INTERPRETED: Record<string, string> = { Normal: 'N', Moderate: 'A', Severe: 'AA' };

type Content = Record<string, unknown>;

/** The Observations of one growth monitoring visit; `common` is what all of them say. */
export function growthObservations(record: AvniRecord, common: Content): Expected[] {
  const { Weight, Height, MUAC, 'Nutrition status': nutrition } = observationsOf(record);
  const counselling = answersTo('Counselling given', record);
  return [
    ...given(Weight, () => observation(coded(LOINC, '29463-7', 'Body weight'), { ...common, ...vital, ...quantity(Weight, 'kg') })),
    ...given(Height, () => observation(coded(LOINC, '8302-2', 'Body height'), { ...common, ...vital, ...quantity(Height, 'cm') })),
    ...given(MUAC, () => observation(coded(SNOMED, '284473002', 'Mid upper arm circumference'), { ...common, ...quantity(MUAC, 'cm') })),
    ...given(nutrition, () =>
      observation(
        { text: 'Nutrition status' },
        {
          ...common,
          valueCodeableConcept: { text: nutrition },
          interpretation: [{ coding: [{ system: INTERPRETATIONS, code: getOwn(INTERPRETED, String(nutrition)) }] }],
        },
      ),
    ),
    ...given(counselling[0], () => observation({ text: 'Counselling given' }, { ...common, valueString: counselling.join(', ') })),
  ];
}

/** The Observations of one health check. */
export function healthCheckObservations(record: AvniRecord, common: Content): Expected[] {
  const { Systolic, Diastolic, Haemoglobin } = observationsOf(record);
  const component = [
    { code: coded(LOINC, '8480-6', 'Systolic blood pressure'), ...quantity(Systolic, 'mmHg', 'mm[Hg]') },
    { code: coded(LOINC, '8462-4', 'Diastolic blood pressure'), ...quantity(Diastolic, 'mmHg', 'mm[Hg]') },
  ];
  return [
    ...given(Systolic !== undefined && Diastolic !== undefined ? Systolic : undefined, () =>
      observation(coded(LOINC, '85354-9', 'Blood pressure panel'), { ...common, ...vital, component }),
    ),
    ...given(Haemoglobin, () =>
      observation(coded(LOINC, '718-7', 'Hemoglobin [Mass/volume] in Blood'), {
        ...common,
        ...category('laboratory'),
        ...quantity(Haemoglobin, 'g/dL'),
      }),
    ),
  ];
}

function category(code: string): Content {
  return { category: [{ coding: [{ system: CATEGORIES, code }] }] };
}

const vital = category('vital-signs');

function coded(system: string, code: string, display: string): { coding: { code: string }[] } {
  return { coding: [{ system, code, display } as { code: string }] };
}

function quantity(value: unknown, unit: string, code = unit): Content {
  return { valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code } };
}

function observation(code: { coding?: { code: string }[]; text?: string }, content: Content): Expected {
  return { type: 'Observation', code: code.coding?.[0]?.code ?? code.text ?? '', content: { status: 'final', code, ...content } };
}

/** Nothing observed, no Observation. */
function given(value: unknown, make: () => Expected): Expected[] {
  return value === undefined ? [] : [make()];
}
