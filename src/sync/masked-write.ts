import type { ElementChange, PlannedOutcome } from '../connectors/connector.js';
import type { Mask } from '../mapping/mask.js';
import { shownConcept } from '../mapping/shown-concept.js';
import type { EntityTypeParts } from './parts.js';
import type { PlannedWrite } from './planned-writes.js';

/** Ids of the resources of writes, and what refers to them: no person's values. */
export function idsOf(writes: PlannedWrite[], { destination }: EntityTypeParts): unknown[] {
  return writes.flatMap(({ resources }) =>
    resources.flatMap(({ type, id }) => (id === undefined ? [] : [id, destination.reference({ type, id })])),
  );
}

/** The write with values masked; names and ids of resources, and the paths of elements, stay. */
export function maskedWrite(write: PlannedWrite, mask: Mask): PlannedWrite {
  const resources = write.resources.map(({ body, ...rest }) => ({ ...rest, body: mask(body) }));
  return { ...write, resources, outcome: maskedOutcome(write.outcome, mask) };
}

function maskedOutcome(outcome: PlannedOutcome, mask: Mask): PlannedOutcome {
  const changes = outcome.changes?.map(({ what, type, id, elements, ...more }) => ({
    ...{ what, type, elements: elements.map((element) => maskedElement(element, mask)) },
    ...(id === undefined ? {} : { id }),
    ...('body' in more ? { body: mask(more.body) } : {}),
  }));
  return {
    ...outcome,
    // By whom it was edited is a person's name.
    ...('edited' in outcome ? { edited: {} } : {}),
    ...(changes ? { changes } : {}),
  };
}

function maskedElement(element: ElementChange, mask: Mask): ElementChange {
  const member = /([^.[\]]+)(?:\[\d+\])*$/.exec(element.path)?.[1];
  return {
    path: shownConcept(element.path),
    ...('from' in element ? { from: mask(element.from, member) } : {}),
    ...('to' in element ? { to: mask(element.to, member) } : {}),
  };
}
