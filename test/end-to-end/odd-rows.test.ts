import { expect, it } from '@jest/globals';
import { AT_ONCE } from '../support/clinic-folder.js';
import { withClinic } from '../support/clinic-world.js';
import { onePass, retryAll, rowsReach } from '../support/errors-world.js';

it('rows of an odd form are errors of their own, by name, and all others arrive', async () => {
  await withClinic({ records: 60, edits: [AT_ONCE] }, async ({ avni, client, start, caughtUp, differences }) => {
    const visits = avni.organisation
      .all()
      .filter(
        ({ kind, voided, body }) =>
          kind === 'encounter' && !voided && body['Encounter date time'] !== null && body['Cancel date time'] === null,
      );
    const [harmless, half, scalar] = visits;
    if (!harmless || !half || !scalar) throw new Error('There must be visits');
    avni.organisation.show(harmless.id, { audit: { 'Created at': null } });
    avni.organisation.show(half.id, { members: { 'Subject ID': 'a\ud83d' } });
    avni.organisation.show(scalar.id, { members: { observations: 'none' } });
    await start();
    await caughtUp();
    const rows = await rowsReach(client, 'two errors', (open) => open.length === 2);
    expect(rows.map(({ id, errorType }) => [id, errorType])).toEqual(
      expect.arrayContaining([
        [half.id, 'ParentIdInvalid'],
        [scalar.id, 'Unreadable'],
      ]),
    );
    expect((await differences()).map((each) => each.split(' ')[1]).sort()).toEqual([half.id, scalar.id].sort());
    for (const { id } of [harmless, half, scalar]) avni.organisation.show(id, {});
    await retryAll(client);
    await onePass(client);
    await rowsReach(client, 'none open', (open) => open.length === 0);
    expect(await differences()).toEqual([]);
  });
}, 120_000);
