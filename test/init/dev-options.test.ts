import { expect, it } from '@jest/globals';
import { Command } from 'commander';
import { devCommand } from '../../src/cli/commands/dev.js';

it.each([
  [['no-such-folder'], /There is no folder no-such-folder: npx sangam init no-such-folder makes one\./],
  [['integrations', '--simulate', 'openmrs'], /--simulate takes avni, fhir, or avni,fhir, not “openmrs”/],
  [['integrations', '--organisation', 'integrations/maternal/organisation'], /--organisation is for --simulate avni/],
  [['integrations', '--simulate', 'avni', '--organisation', 'docs'], /cannot be used: 1 to mend \(BadOrganisation\)/],
])('sangam dev %j is refused in words, before anything is started', async (args, words) => {
  const program = new Command('sangam').exitOverride();
  const io = { out: () => undefined, error: () => undefined, env: {}, signal: new AbortController().signal };
  devCommand(program, io, () => undefined);
  await expect(program.parseAsync(['dev', ...args], { from: 'user' })).rejects.toThrow(words);
});
