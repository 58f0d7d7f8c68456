import { beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { schemaOf } from '../../../src/connectors/fhir/r4/structures.js';
import { cells, expectedOf, mostHits, places, type Cell } from './rules.js';
import { IDS, runCell, type Ran } from './run-cell.js';

const all = cells();
const results = new Map<Cell, Ran>();

/** What is wrong with what came of a cell; nothing where all is right. */
function wrongIn(cell: Cell, ran: Ran): string[] {
  const wrong: string[] = [];
  const check = (ok: boolean, what: string): void => void (ok || wrong.push(what));
  const kinds = (kind: string): string[] => IDS.filter((name) => ran.records[name]?.kind === kind);
  const went = cell.place === 'page' || cell.place === 'one' || cell.place === 'search' ? 'read' : 'created';
  const others = IDS.filter((name) => name !== 'bad');
  const expected = expectedOf(cell);
  check(ran.lost.length === 0, `lost ${ran.lost.join(' ')}`);
  check(ran.hits <= mostHits(cell, IDS.length), `${ran.hits} tries, ${mostHits(cell, IDS.length)} allowed`);
  if (expected === 'all arrive') check(kinds(went).length === IDS.length, 'not all arrived');
  else if (expected === 'gone') check(!ran.records['bad'] && !ran.thrown && kinds(went).length === others.length, 'it is not gone');
  else if (expected === 'every record') check(kinds('refused').length === IDS.length, 'not every record was refused');
  else if (expected === 'the record') {
    check(ran.thrown === undefined && ran.records['bad']?.kind === 'refused', 'the record was not blamed');
    check(kinds(went).join() === others.join(), 'the others did not go on');
  } else {
    const [kind, code] = 'system' in expected ? ['unavailable', expected.system] : ['unknown', expected.unknown];
    const said = ran.thrown ?? (ran.records['bad']?.kind === kind ? ran.records['bad']?.code : undefined);
    check(said === code, `not blamed: the system, for ${code}`);
    check(kinds('refused').length === 0, 'a record was blamed');
    check(ran.thrown !== undefined || kinds(went).length + kinds(kind).length === IDS.length, 'a record has no outcome');
  }
  return wrong;
}

async function runAll(some: Cell[], atOnce: number): Promise<void> {
  const limit = pLimit(atOnce);
  await Promise.all(some.map((cell) => limit(async () => void results.set(cell, await runCell(cell)))));
}

beforeAll(async () => {
  // Read once, so that no cell waits for it.
  schemaOf('Patient');
  await runAll(
    all.filter(({ failure }) => failure !== 'hang'),
    8,
  );
  await runAll(
    all.filter(({ failure }) => failure === 'hang'),
    16,
  );
}, 300_000);

describe('every failure, at every place, of a server that is otherwise well and of one that is not', () => {
  it('is a matrix of more than 150 cells', () => expect(all.length).toBeGreaterThan(150));

  it.each(places.map((place) => [place]))('%s: blames whom it must, loses nothing, and does not try too often', (place) => {
    const wrong = all
      .filter((cell) => cell.place === place)
      .flatMap((cell) => {
        const ran = results.get(cell);
        const problems = ran ? wrongIn(cell, ran) : ['did not run'];
        return problems.length > 0
          ? [{ cell: `${cell.failure} ${cell.well ? 'well' : 'sick'}`, expected: expectedOf(cell), problems, ran }]
          : [];
      });
    expect(wrong).toEqual([]);
  });
});
