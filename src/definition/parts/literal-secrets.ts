import { mapping } from '../draft.js';
import type { Report } from '../source/report.js';
import type { Path } from '../source/path.js';

/**
 * Of what a system's `auth` may hold, what says who signs in, and where: it may stand in the file.
 * All else is secret.
 */
const NAMES = ['username', 'userName', 'clientId', 'keyId', 'tokenUrl', 'scope'];

/** Whether a system's `auth` has a secret in it, and not just a name. */
export function hasSecret(auth: unknown): boolean {
  return Object.keys(mapping(auth)).some((name) => !NAMES.includes(name));
}

/**
 * Secrets come from the environment: a file is copied, shown and kept in version control. Never
 * shows what it finds.
 */
export function refuseLiteralSecrets(auth: unknown, at: Path, report: Report): void {
  for (const [name, value] of Object.entries(mapping(auth)))
    if (!NAMES.includes(name) && typeof value === 'string' && !/\$\{[A-Za-z_]\w*\}/.test(value))
      report.add('LiteralSecret', [...at, name], `"${name}" stands in the file; a secret comes from the environment.`, {
        allowed: `e.g. ${name}: "\${EMR_${name.toUpperCase()}}"`,
      });
}
