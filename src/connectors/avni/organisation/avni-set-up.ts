import { AvniSession } from '../session.js';
import { avniSystemSettings } from '../settings.js';
import type { SetUpFiles } from '../../names-set-up.js';
import { askOrganisation } from './ask-organisation.js';
import { namesOf } from './names-of.js';
import { readOrganisation } from './read-organisation.js';

/** What an Avni organisation has set up, as a file. */
export const avniSetUp: SetUpFiles = {
  settingsOf: (has, valueOf) => ({
    url: valueOf('AVNI_URL'),
    auth: has('AVNI_TOKEN')
      ? { token: valueOf('AVNI_TOKEN') }
      : has('AVNI_USER_NAME')
        ? { userName: valueOf('AVNI_USER_NAME') }
        : { username: valueOf('AVNI_USERNAME'), password: valueOf('AVNI_PASSWORD') },
  }),
  ask: (settings, c) => askOrganisation(new AvniSession(avniSystemSettings.parse(settings)), c),
  read: async (path) => namesOf(await readOrganisation(path)),
};
