import { expect, it } from '@jest/globals';
import { resourceId } from '../../src/connectors/derived-id.js';
import { AT_ONCE } from '../support/clinic-folder.js';
import { withClinic } from '../support/clinic-world.js';
import { dependents, onePass, retryAll, rowsReach, someSubjects } from '../support/errors-world.js';

const WAYS: [string, [string, string][]][] = [
  ['one by one', [['    connector: fhir\n', '    connector: fhir\n    bundle: 1\n']]],
  ['in bundles', []],
];

it.each(WAYS)(
  'a write that is answered 200 with an error inside, %s, is an errored row, counts as nothing created, and heals with the server',
  async (_way, edits) => {
    await withClinic({ records: 60, edits: [AT_ONCE, ...edits] }, async ({ avni, fhir, client, start, caughtUp, differences }) => {
      const [refused] = someSubjects(avni.organisation, 1, 5);
      if (!refused) throw new Error('There must be a subject');
      fhir.behaviour.writeAnswersFor = resourceId('clinic', 'Beneficiary', [], refused.id, 'main');
      fhir.behaviour.writeAnswers = 'error';
      const affected = [refused.id, ...dependents(avni.organisation, [refused]).keys()].sort();
      await start();
      const { types } = await caughtUp();
      const rows = await rowsReach(client, 'one row', (open) => open.length > 0);
      expect(rows).toMatchObject([{ entityType: 'Beneficiary', id: refused.id, attempts: 1 }]);
      const { created = 0, updated = 0, errored } = types['Beneficiary']?.total ?? {};
      expect(errored).toBe(1);
      expect(created + updated).toBe(fhir.repository.all('Patient').length);
      expect((await differences()).map((each) => each.split(' ')[1]).sort()).toEqual(affected);
      fhir.behaviour.writeAnswers = 'usual';
      await retryAll(client);
      await onePass(client);
      await rowsReach(client, 'nothing is open', (open) => open.length === 0);
      expect(await differences()).toEqual([]);
    });
  },
  120_000,
);
