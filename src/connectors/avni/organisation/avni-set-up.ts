import { AvniSession } from '../session.js';
import { avniSystemSettings } from '../settings.js';
import type { SetUpFiles } from '../../names-set-up.js';
import { askOrganisation } from './ask-organisation.js';
import { namesOf } from './names-of.js';
import { readOrganisation } from './read-organisation.js';

/** What an Avni organisation has set up, as a file. */
export const avniSetUp: SetUpFiles = {
  variables: ['AVNI_URL', 'AVNI_USERNAME', 'AVNI_PASSWORD'],
  settingsOf: (variables) => ({
    url: variables.get('AVNI_URL') ?? '',
    auth: { username: variables.get('AVNI_USERNAME') ?? '', password: variables.get('AVNI_PASSWORD') ?? '' },
  }),
  ask: (settings, c) => askOrganisation(new AvniSession(avniSystemSettings.parse(settings)), c),
  read: async (path) => namesOf(await readOrganisation(path)),
};
