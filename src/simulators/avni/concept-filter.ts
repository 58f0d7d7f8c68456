import { Refusal } from './answers.js';
import type { AvniMetadata } from './metadata.js';
import type { Body, StoredRecord } from './record.js';
import { getOwn } from '../../model/keyed.js';

/**
 * The `concepts` filter: values as text, and of coded concepts the answer’s UUID, one answer alone.
 * `numbers`: whether numbers can match.
 * @throws Refusal 400
 */
export function conceptFilter(
  text: string | null,
  metadata: AvniMetadata,
  numbers: boolean,
): ((record: StoredRecord) => boolean) | undefined {
  if (text === null || text === '') return undefined;
  const wanted = Object.entries(parsed(text)).map(([name, value]) => {
    const concept = metadata.concepts.find((each) => each.name === name);
    if (!concept) throw bad(`Bad Request: Concept with name=${name} not found`);
    return { concept, value: String(value) };
  });
  const answers = new Map(metadata.concepts.map(({ name, uuid }) => [name, uuid]));
  return ({ body }) => {
    const observations = (body['observations'] ?? {}) as Body;
    return wanted.every(({ concept, value }) => {
      const stored = getOwn(observations, concept.name);
      if (concept.dataType === 'Coded') return typeof stored === 'string' && answers.get(stored) === value;
      return typeof stored === 'string' ? stored === value : typeof stored === 'number' && numbers && stored === Number(value);
    });
  };
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    throw bad('Bad Request: error in concepts parameter');
  }
}

function bad(message: string): Refusal {
  return new Refusal({ status: 400, exception: 'org.avni.server.util.BadRequestError', message });
}
