import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of files by name. */
export async function folderOf(files: Record<string, string | object>): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'sangam-organisation-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A small organisation with each data type that matters. */
export const OWN = `
organisation: Small
locationTypes: [{ name: District, level: 2 }, { name: Village, level: 1 }]
locations:
  - { title: Mysuru, type: District }
  - { title: Varuna, type: Village, parent: Mysuru }
subjectTypes:
  - { name: Woman, registeredAt: [Village] }
  - { name: Household, type: Household, registeredAt: [Village] }
groupRoles: [{ group: Household, member: Woman, role: Mother }]
programs: [{ name: Pregnancy }]
encounterTypes: [{ name: Antenatal visit }, { name: Home visit }]
concepts:
  - { name: Household, dataType: Subject, subjectType: Household }
  - { name: Water source, dataType: Coded, answers: [Well, Tap] }
  - { name: Last period, dataType: Date }
  - { name: Haemoglobin, dataType: Numeric, low: 1.5, high: 18.5, unit: g/dL }
  - { name: Danger signs, dataType: Coded, answers: [Bleeding, Fever, Headache] }
  - { name: Medicines, dataType: QuestionGroup }
  - { name: Medicine, dataType: Text }
  - { name: Tablets, dataType: Numeric, low: 1, high: 90 }
  - { name: Reason, dataType: Notes }
forms:
  - { formType: IndividualProfile, subjectType: Woman, questions: [{ concept: Household, mandatory: true }] }
  - { formType: IndividualProfile, subjectType: Household, questions: [{ concept: Water source, mandatory: true }] }
  - { formType: ProgramEnrolment, subjectType: Woman, program: Pregnancy, questions: [{ concept: Last period }] }
  - { formType: ProgramExit, subjectType: Woman, program: Pregnancy, questions: [{ concept: Reason, mandatory: true }] }
  - formType: ProgramEncounter
    subjectType: Woman
    program: Pregnancy
    encounterType: Antenatal visit
    questions:
      - { concept: Haemoglobin, mandatory: true }
      - { concept: Danger signs, several: true }
      - { concept: Medicines, repeatable: true, questions: [{ concept: Medicine, mandatory: true }, { concept: Tablets }] }
  - { formType: Encounter, subjectType: Household, encounterType: Home visit, questions: [{ concept: Reason }] }
`;
