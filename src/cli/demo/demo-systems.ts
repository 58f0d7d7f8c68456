import type { Target } from '../../temporal/errors/commands.js';

/** The folder of definitions that the demo runs, from where its commands are typed. */
export const FOLDER = 'integrations/hospital';

export interface DemoSystems {
  /** Path of the program, whatever the PATH has. */
  temporal: string;
  /** Where commands are to go, for a terminal that knows nothing of the demo. */
  target: Target;
  /** The same for `npx sangam`: variables before it. */
  here: string;
  address: string;
  ui: string;
  avni: string;
  fhir: string;
  /** For what belongs to the demo. */
  env: Record<string, string | undefined>;
}
