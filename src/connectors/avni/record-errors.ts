import type { RecordError } from '../../errors/record-error.js';

/**
 * A field that an Avni server would refuse, or store as nobody means it. `path` names a field or
 * concept, never a value; `detail` may hold more.
 */
export function invalidField(path: string, why: string, detail?: string): RecordError {
  return {
    code: 'InvalidResource',
    message: `The mapped record cannot be written to Avni: ${path} ${why}.`,
    remedy: 'Correct the expression, or the record where it holds something unexpected.',
    path,
    ...(detail !== undefined ? { detail: `${path} ${why}: ${detail}` } : {}),
  };
}

/**
 * What an Avni server would say, which is not asked since a refusal may damage what it has: in its
 * own words, so that it falls under the same error type. The words may hold a value; they stay in
 * memory.
 */
export function wouldSay(code: string, words: string, message: string, remedy: string, path?: string): RecordError {
  return { code, message, remedy, detail: words, ...(path !== undefined ? { path } : {}) };
}

/** What stands under the External ID of a record is none that it may write. */
export function collision(what: string): RecordError {
  return {
    code: 'KeyCollision',
    message: `Under the External ID of this record Avni has ${what}.`,
    remedy: 'Correct the key in the one of the two records where it is wrong.',
  };
}

export function keyNotKnown(): RecordError {
  return {
    code: 'KeyNotKnown',
    message: 'The record is to be taken away, and its key is not known: Avni’s records carry no other word of where they came from.',
    remedy:
      'Void it in Avni, and ignore this row; or give the type whenNoLonger: keep and whenVoided: keep, or an origin under “to”, which tells from then on.',
  };
}

export function voidedByOthers(): RecordError {
  return {
    code: 'RecordVoided',
    message: 'Somebody else voided in Avni the record of which Sangam owns a part.',
    remedy: 'Un-void it in Avni, or let the source no longer give it.',
  };
}

export function changedMeanwhile(): RecordError {
  return {
    code: 'VersionConflict',
    message: 'Someone else changes the same record in Avni all the time.',
    remedy: 'Find out who: each type has one owner, the system it is read from.',
  };
}
