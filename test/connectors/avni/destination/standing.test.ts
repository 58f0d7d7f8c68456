import { expect, it } from '@jest/globals';
import type { Json } from '../../../../src/model/bookmark.js';
import { named } from '../../../../src/simulators/avni/metadata.js';
import { AvniOrganisation } from '../../../../src/simulators/avni/organisation.js';
import { destinationWorld, PERSON } from './world.js';

const TO = { subject: 'Beneficiary', origin: 'Sangam origin' };

it('what stands in Avni is told by its origins, page after page, though some are taken away meanwhile', async () => {
  const organisation = new AvniOrganisation();
  organisation.metadata.concepts.push({ ...named('Sangam origin'), dataType: 'Text' });
  const world = await destinationWorld({}, organisation);
  const ours = world.to(TO);
  const others = world.to(TO, { entityType: 'Other' });
  const ids = Array.from({ length: 25 }, (_, n) => `r/${n}`);
  await ours.put(...ids.map((id) => ({ id, body: PERSON })));
  await others.one('theirs', PERSON);
  await world.to({ subject: 'Beneficiary' }, { entityType: 'Unmarked' }).one('u', PERSON);
  for (const id of ['r/3', 'r/4']) await ours.remove(id);
  // As a bulk update stamps them.
  const stamp = organisation.now();
  for (const { id } of organisation.all().slice(5, 20)) organisation.change(id, {}, stamp);
  const found: string[] = [];
  let from: Json | undefined;
  do {
    const page = await ours.destination.standing?.('Thing', from, 10, world.c);
    found.push(...(page?.ids ?? []));
    if (from === undefined) await ours.remove('r/24');
    from = page?.next === undefined ? undefined : (JSON.parse(JSON.stringify(page.next)) as Json);
  } while (from !== undefined);
  const gone = ['r/3', 'r/4', 'r/24'];
  expect(new Set(found.filter((id) => id !== 'r/24'))).toEqual(new Set(ids.filter((id) => !gone.includes(id))));
  expect(world.to({ subject: 'Beneficiary' }).destination.standing).toBeUndefined();
});
