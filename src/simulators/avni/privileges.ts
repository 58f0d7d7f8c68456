import { Refusal } from './answers.js';
import type { AvniMetadata } from './metadata.js';
import type { AvniKind, StoredRecord } from './record.js';
import type { AvniUser } from './settings.js';

interface Rule {
  view: string;
  void: string;
  domain: string;
  types: 'subjectTypes' | 'programs' | 'encounterTypes' | 'taskTypes';
}

const RULES: Readonly<Record<AvniKind, Rule>> = {
  subject: { view: 'ViewSubject', void: 'VoidSubject', domain: 'SubjectType', types: 'subjectTypes' },
  enrolment: { view: 'ViewEnrolmentDetails', void: 'RejectEnrolment', domain: 'Program', types: 'programs' },
  programEncounter: { view: 'ViewVisit', void: 'VoidVisit', domain: 'EncounterType', types: 'encounterTypes' },
  encounter: { view: 'ViewVisit', void: 'VoidVisit', domain: 'EncounterType', types: 'encounterTypes' },
  task: { view: 'none', void: 'none', domain: 'TaskType', types: 'taskTypes' },
  groupSubject: { view: 'none', void: 'none', domain: 'SubjectType', types: 'subjectTypes' },
  approvalStatus: { view: 'none', void: 'none', domain: 'SubjectType', types: 'subjectTypes' },
};

/**
 * One row of a type that the user may not see spoils the whole page. Writing asks for no privilege.
 * @throws Refusal 403
 */
export function mayDo(what: 'view' | 'void', records: readonly StoredRecord[], user: AvniUser, metadata: AvniMetadata): void {
  if (!user.lacks?.length) return;
  for (const { kind, type } of records) {
    const rule = RULES[kind];
    if (!user.lacks.some((each) => each.privilege === rule[what] && each.type === type)) continue;
    const uuid = metadata[rule.types].find(({ name }) => name === type)?.uuid ?? 'unknown';
    throw new Refusal({
      status: 403,
      text: `User does not have privilege of type: ${rule[what]} for org.avni.server.domain.${rule.domain} with uuid: ${uuid}`,
    });
  }
}
