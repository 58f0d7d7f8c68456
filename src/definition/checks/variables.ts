import { getOwn } from '../../model/keyed.js';
import { mapping } from '../draft.js';
import type { Report } from '../source/report.js';
import type { Path } from '../source/path.js';

/** What of a system variables may stand in: all else is shown, stored or compared. */
const PLACES = ['url', 'auth'];

/** A variable is put in where a system is reached and signed in to, and nowhere else. */
export function checkVariables(value: unknown, report: Report): void {
  const file = mapping(value);
  for (const [name, system] of Object.entries(mapping(file['systems'])))
    for (const [key, setting] of Object.entries(mapping(system)))
      if (!PLACES.includes(key)) refuseIn(setting, ['systems', name, key], report);
  for (const [name, process] of Object.entries(mapping(file['processes'])))
    for (const [type, entityType] of Object.entries(mapping(mapping(process)['entityTypes'])))
      for (const end of ['from', 'to']) refuseIn(getOwn(mapping(entityType), end), ['processes', name, 'entityTypes', type, end], report);
}

function refuseIn(value: unknown, at: Path, report: Report): void {
  if (typeof value === 'string' && /\$\{[A-Za-z_]\w*\}/.test(value))
    report.add('MisplacedVariable', at, 'A variable stands here; variables are put in "url" and "auth" of a system only.');
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) refuseIn(each, [...at, key], report);
}
