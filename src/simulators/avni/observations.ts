import { nullPointer, Refusal, unreadableRequest } from './answers.js';
import type { AvniMetadata, Concept } from './metadata.js';
import { storedMedia } from './media.js';
import type { Body } from './record.js';
import { setOwn } from '../../model/keyed.js';

/**
 * What is stored of the observations of a POST or PUT. Nothing but coded answers and groups is
 * looked at. @throws Refusal
 */
export function storedObservations(given: unknown, metadata: AvniMetadata): Body {
  if (given === undefined || given === null)
    throw nullPointer('Cannot invoke "java.util.Map.entrySet()" because "observationsRequest" is null');
  if (typeof given !== 'object' || Array.isArray(given)) throw unreadableRequest();
  const stored: Body = {};
  for (const [name, value] of Object.entries(given)) {
    const concept = conceptNamed(name, metadata);
    if (value !== null) setOwn(stored, name, valueOf(concept, value, metadata));
  }
  return stored;
}

/**
 * What a PATCH makes of them: what is given replaces, null removes, and empty things go, wherever
 * they came from. @throws Refusal
 */
export function patchedObservations(stored: unknown, given: unknown, metadata: AvniMetadata): Body {
  if (stored === null || stored === undefined)
    throw nullPointer(
      'Cannot invoke "org.avni.server.domain.ObservationCollection.putAll(java.util.Map)" because "oldObservations" is null',
    );
  const merged = { ...(stored as Body) };
  for (const [name, value] of Object.entries((given ?? {}) as Body)) {
    const concept = conceptNamed(name, metadata);
    setOwn(merged, name, value === null ? undefined : valueOf(concept, value, metadata));
  }
  return pruned(merged);
}

function conceptNamed(name: string, { concepts }: AvniMetadata): Concept {
  const concept = concepts.find((each) => each.name === name);
  if (!concept) throw nullPointer(`Concept with name=${name} not found`);
  return concept;
}

function valueOf({ dataType }: Concept, value: unknown, metadata: AvniMetadata): unknown {
  if (dataType === 'QuestionGroup')
    return Array.isArray(value) ? value.map((each) => storedObservations(each, metadata)) : storedObservations(value, metadata);
  if (dataType === 'Image') return storedMedia(value);
  if (dataType === 'Coded') for (const answer of Array.isArray(value) ? value : [value]) checkAnswer(answer, metadata);
  return value;
}

/** That it answers this question is not looked at. */
function checkAnswer(answer: unknown, { concepts }: AvniMetadata): void {
  if (concepts.some(({ name }) => name === answer)) return;
  throw new Refusal({
    status: 400,
    exception: 'org.avni.server.util.BadRequestError',
    message: `Answer concept with name=${String(answer)} not found`,
  });
}

function pruned(observations: Body): Body {
  return Object.fromEntries(
    Object.entries(observations).flatMap(([name, value]) => {
      if (value === null || value === undefined) return [];
      if (typeof value !== 'object') return [[name, value]];
      const inner = Array.isArray(value) ? value : pruned(value as Body);
      return Object.keys(inner).length === 0 ? [] : [[name, inner]];
    }),
  );
}
