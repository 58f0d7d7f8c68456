// An Avni-like source of so many subjects, a second apart, whose pages cost next to nothing: `node
// avni.js <records> <latency>`.
import { serve } from './serve.js';

const [records = 20_000, latency = 20] = process.argv.slice(2).map(Number);
const BEGIN = Date.parse('2025-01-01T00:00:00.000Z');
const STEP = 1000;
const PEOPLE = ['Asha', 'Meena', 'Sunita', 'Lakshmi', 'Kavya', 'Radha', 'Geeta'];

/** How often each record was asked for by its id. */
const fetches = new Map<number, number>();

await serve(
  latency,
  ({ url }) => {
    const one = /^\/api\/subject\/.*-(\d+)$/.exec(url.pathname)?.[1];
    if (one !== undefined) return fetch(Number(one));
    const query = url.searchParams;
    const [after, until] = [indexOf(query.get('lastModifiedDateTime')) + 1, indexOf(query.get('now'), -1)];
    const [page, size] = [Number(query.get('page')), Number(query.get('size'))];
    const count = Math.max(0, until - after + 1);
    const from = after + page * size;
    const rows: string[] = [];
    for (let index = from; index <= until && rows.length < size; index += 1) rows.push(subject(index));
    return {
      body: `{"totalElements":${rows.length},"totalPages":${Math.ceil(count / size)},"pageSize":${size},"content":[${rows.join(',')}]}`,
    };
  },
  (path) => {
    if (path === '/stub/reset') fetches.clear();
    const more = [...fetches.values()].filter((times) => times > 2).length;
    return { records, fetched: fetches.size, moreThanTwice: more };
  },
);

function fetch(index: number): { body: string } {
  fetches.set(index, (fetches.get(index) ?? 0) + 1);
  return { body: subject(index) };
}

/**
 * The place of the last record stamped at or before an instant; `by` moves the instant, since both
 * ends are exclusive.
 */
function indexOf(instant: string | null, by = 0): number {
  return Math.max(-1, Math.min(records - 1, Math.floor((Date.parse(instant ?? '') + by - BEGIN) / STEP)));
}

function subject(index: number): string {
  const stamp = new Date(BEGIN + index * STEP).toISOString();
  const id = `5b1f0000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  return `{"ID":"${id}","External ID":null,"Voided":false,"Subject type":"Person","Registration date":"2024-06-${two(index)}",
"location":{"Village":"Village ${index % 400}","District":"Mandla","State":"Madhya Pradesh"},"relatives":[],
"observations":{"First name":"${PEOPLE[index % 7]}","Last name":"Number ${index}","Gender":"${index % 2 ? 'Female' : 'Male'}",
"Date of birth":"19${two(index + 50)}-0${1 + (index % 9)}-${two(index)}","Phone number":"98${String(10_000_000 + index)}","Household":{"Members":${index % 9}}},
"encounters":[],"enrolments":[],"audit":{"Created at":"${stamp}","Last modified at":"${stamp}","Created by":"bench","Last modified by":"bench"}}`;
}

function two(index: number): string {
  return String(10 + (index % 19));
}
