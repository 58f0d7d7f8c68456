import { expect, it } from '@jest/globals';
import type { EntityTypeParts } from '../../src/sync/parts.js';
import type { RetryWork } from '../../src/sync/retry-work.js';
import { waitedFor } from '../../src/sync/waited-for.js';
import { RaceWorld } from '../support/races/world.js';

it.each([
  ['hold', ['1']],
  ['bring', []],
] as const)(
  'children that %s decide whether their parent is waited for, also where more wait than a row lists',
  async (policy, expected) => {
    const world = new RaceWorld();
    const child = world.of('Enrolment');
    const holding: EntityTypeParts = { ...child, definition: { ...child.definition, whenParentMissing: policy } };
    const subject = world.of('Subject');
    const parent: EntityTypeParts = { ...subject, types: [subject, holding], children: { Enrolment: holding } };
    await world.holds('Enrolment', 'e', 1, { entityType: 'Subject', id: '1' });
    const rows: RetryWork['rows'] = Object.assign(Object.create(world.rows) as typeof world.rows, {
      waitingOn: async () => 'all' as const,
    });
    expect([...(await waitedFor(['1'], parent, rows, world.context))]).toEqual(expected);
  },
);
