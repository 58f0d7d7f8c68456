import { describe, expect, it } from '@jest/globals';
import { check, edited, small } from './support.js';

const withType = (type: string): string => edited('processes:', `errorTypes:\n  Some: { ${type} }\nprocesses:`);
const rest = 'then: retry, remedy: Mend it.';
const withErrors = (errors: string): string => edited('every: 5 minutes', `every: 5 minutes\n    errors: { ${errors} }`);

async function errorsOf(text: string) {
  const { definition, problems } = await check(text);
  expect(problems).toEqual([]);
  return definition?.processes['one']?.errors;
}

describe('error types', () => {
  it('keep the order of the file, and every condition as written', async () => {
    const text = edited(
      'processes:',
      `errorTypes:
  Zebra: { equals: Whole text, contains: Part, matches: "(?<village>.*) gone", status: 422, code: invariant, keep: [village], then: wait-for-person, remedy: " Mend it. " }
  Aard: { status: 500, then: stop, remedy: See the log. }
processes:`,
    );
    const { definition, problems } = await check(text);
    expect(problems).toEqual([]);
    expect(definition?.errorTypes).toEqual([
      {
        name: 'Zebra',
        equals: 'Whole text',
        contains: 'Part',
        matches: '(?<village>.*) gone',
        status: 422,
        code: 'invariant',
        keep: ['village'],
        then: 'wait-for-person',
        remedy: 'Mend it.',
      },
      { name: 'Aard', status: 500, keep: [], then: 'stop', remedy: 'See the log.' },
    ]);
  });

  it.each([
    ['no condition', rest, ['WrongValue errorTypes.Some'], /at least one of equals, contains, matches, status, code/],
    ['no remedy', 'contains: x, then: retry', ['MissingKey errorTypes.Some.remedy'], /missing/],
    ['an empty remedy', 'contains: x, then: retry, remedy: " "', ['WrongValue errorTypes.Some.remedy'], /what a person can do/],
    ['no "then"', 'contains: x, remedy: y', ['WrongValue errorTypes.Some.then'], /./],
    ['a "then" there is not', 'contains: x, then: retri, remedy: y', ['WrongValue errorTypes.Some.then'], /Did you mean "retry"/],
    ['an open group', `matches: "(a", ${rest}`, ['BadPattern errorTypes.Some.matches'], /missing closing/],
    ['a look ahead, which RE2 has not', `matches: "a(?=b)", ${rest}`, ['BadPattern errorTypes.Some.matches'], /RE2/],
    ['a reference back, which RE2 has not', `matches: "(a)\\\\1", ${rest}`, ['BadPattern errorTypes.Some.matches'], /RE2/],
    ['an expression too large', `matches: "(?:[ab]{0,50}){15}", ${rest}`, ['BadPattern errorTypes.Some.matches'], /too large/],
    [
      'a group that is not there',
      `matches: "(?<adress>.*)", keep: [address], ${rest}`,
      ['UnknownGroup errorTypes.Some.keep.0'],
      /Did you mean "adress"/,
    ],
    ['keeping without an expression', `contains: x, keep: [address], ${rest}`, ['UnknownGroup errorTypes.Some.keep.0'], /missing/],
    ['a status there is not', `status: 1000, ${rest}`, ['WrongValue errorTypes.Some.status'], /100 to 599/],
    ['an unknown key', `status: 500, contians: x, ${rest}`, ['UnknownKey errorTypes.Some.contians'], /Did you mean "contains"/],
  ])('are refused for %s', async (_name, type, found, says) => {
    const result = await check(withType(type));
    expect(result.found).toEqual(found);
    expect(result.problems[0]?.message).toMatch(says);
    expect(result.problems[0]?.line).toBe(6);
  });

  it('may not take the engine’s own name', async () => {
    expect((await check(withType(`contains: x, ${rest}`).replace('Some', 'Unclassified'))).found).toEqual([
      'DuplicateName errorTypes.Unclassified',
    ]);
  });
});

describe('errors of a process', () => {
  it('have the defaults of the design', async () => {
    const defaults = {
      cadence: { every: 1_800_000 },
      attempts: 20,
      backOff: { first: 60_000, longest: 86_400_000 },
      unclassified: 'retry',
      stopAfter: { consecutive: 25, share: 0.5, open: 5_000 },
    };
    expect(await errorsOf(small)).toEqual(defaults);
    expect(await errorsOf(withErrors(''))).toEqual(defaults);
  });

  it('say otherwise', async () => {
    const all =
      'at: "02:00 Asia/Kolkata", attempts: 3, backOff: { first: 5 s, longest: 1 hour }, unclassified: stop, stopAfter: { consecutive: 5, share: 12.5 %, open: 100 }';
    expect(await errorsOf(withErrors(all))).toEqual({
      cadence: { at: '02:00', zone: 'Asia/Kolkata' },
      attempts: 3,
      backOff: { first: 5_000, longest: 3_600_000 },
      unclassified: 'stop',
      stopAfter: { consecutive: 5, share: 0.125, open: 100 },
    });
  });

  it.each([
    ['backOff: 5 minutes', { first: 300_000, longest: 86_400_000 }],
    ['backOff: 2 days', { first: 172_800_000, longest: 172_800_000 }],
    ['backOff: { longest: 10 s }', { first: 10_000, longest: 10_000 }],
    ['backOff: { first: 3 days }', { first: 259_200_000, longest: 259_200_000 }],
  ])('understand %s', async (text, backOff) => {
    expect(await errorsOf(withErrors(text))).toMatchObject({ backOff });
  });

  const at = 'processes.one.errors';
  it.each([
    ['every: 5 minutes, at: "02:00 Asia/Kolkata"', [`WrongValue ${at}`]],
    ['attempts: 0', [`WrongValue ${at}.attempts`]],
    ['backOff: 0 s', [`WrongValue ${at}.backOff`]],
    ['backOff: { first: 1 hour, longest: 1 minute }', [`WrongValue ${at}.backOff`]],
    ['backOff: { frist: 1 hour }', [`UnknownKey ${at}.backOff.frist`]],
    ['unclassified: ignore', [`WrongValue ${at}.unclassified`]],
    ['stopAfter: { share: 0.5 }', [`WrongType ${at}.stopAfter.share`]],
    ['stopAfter: { share: 101 % }', [`WrongValue ${at}.stopAfter.share`]],
    ['stopAfter: { open: 0 }', [`WrongValue ${at}.stopAfter.open`]],
    ['stopAfter: { opne: 5 }', [`UnknownKey ${at}.stopAfter.opne`]],
  ])('are refused for %s', async (text, found) => {
    expect((await check(withErrors(text))).found).toEqual(found);
  });
});
