import { describe, expect, it } from '@jest/globals';
import { classifier } from '../../src/errors/classify.js';
import type { ErrorType } from '../../src/errors/error-type.js';
import type { RecordError } from '../../src/errors/record-error.js';

const error = (more: Partial<RecordError> = {}): RecordError => ({
  code: 'Refused',
  message: 'It was refused.',
  remedy: 'See why.',
  ...more,
});
const type = (name: string, conditions: Partial<ErrorType>): ErrorType => ({
  name,
  keep: [],
  then: 'retry',
  remedy: `Remedy of ${name}.`,
  ...conditions,
});
const nameOf = (types: ErrorType[], of: RecordError): string => classifier(types, 'retry')(of).errorType;

describe('an error type matches', () => {
  it.each<[string, Partial<ErrorType>, Partial<RecordError>, boolean]>([
    ['the whole text in other letters', { equals: 'NOT There' }, { detail: ' not there\n' }, true],
    ['one of several things that are said', { equals: 'not there' }, { detail: 'Stored nothing\nNot there\nElse all is well' }, true],
    ['not a part of the text as the whole', { equals: 'not' }, { detail: 'not there' }, false],
    ['a part in other letters', { contains: 'THERE' }, { detail: 'it is not there' }, true],
    ['an expression, anywhere', { matches: 'no[tw] +there' }, { detail: 'it is not  there' }, true],
    ['an expression by its case', { matches: 'Not' }, { detail: 'not' }, false],
    ['the message where there is no more text', { contains: 'refused' }, { detail: '' }, true],
    ['the text, not the message, where there is one', { contains: 'refused' }, { detail: 'x' }, false],
    ['a status', { status: 422 }, { status: 422 }, true],
    ['not another status', { status: 422 }, { status: 400 }, false],
    ['the code', { code: 'Refused' }, {}, true],
    ['what the system calls it', { code: 'invariant' }, { systemCode: 'invariant' }, true],
    ['not another code', { code: 'invariant' }, { systemCode: 'value' }, false],
    ['all of its conditions', { status: 422, contains: 'x', code: 'Refused' }, { status: 422, detail: 'x' }, true],
    ['not some of its conditions', { status: 422, contains: 'y', code: 'Refused' }, { status: 422, detail: 'x' }, false],
  ])('%s', (_name, conditions, of, matches) => {
    expect(nameOf([type('Some', conditions)], error(of))).toBe(matches ? 'Some' : 'Unclassified');
  });

  it('first of all that match, the definition’s before the engine’s own', () => {
    const types = [type('First', { contains: 'abc' }), type('Second', { contains: 'abcd' }), type('Third', { code: 'KeyMissing' })];
    expect(nameOf(types, error({ detail: 'abcd' }))).toBe('First');
    expect(nameOf(types, error({ code: 'KeyMissing' }))).toBe('Third');
    expect(nameOf([], error({ code: 'KeyMissing' }))).toBe('KeyMissing');
  });
});

describe('a classified error', () => {
  it('says what happens and the remedy of its type; an engine’s own one says its own', () => {
    const classify = classifier([type('Some', { status: 500, then: 'wait-for-person' })], 'stop');
    expect(classify(error({ status: 500, path: 'a.b', expression: 'map' }))).toEqual({
      errorType: 'Some',
      then: 'wait-for-person',
      code: 'Refused',
      message: 'It was refused.',
      remedy: 'Remedy of Some.',
      status: 500,
      path: 'a.b',
      expression: 'map',
    });
    expect(classify(error({ code: 'CodeMissing', remedy: 'Add it to codes.gender.' }))).toMatchObject({
      errorType: 'CodeMissing',
      then: 'retry',
      remedy: 'Add it to codes.gender.',
    });
  });

  it('is Unclassified where nothing matches, and retried or stops by the setting', () => {
    expect(classifier([], 'retry')(error())).toMatchObject({ errorType: 'Unclassified', then: 'retry', remedy: 'See why.' });
    expect(classifier([], 'stop')(error())).toMatchObject({ errorType: 'Unclassified', then: 'stop' });
  });

  it('holds nothing of the text but the groups that are kept, printable and short', () => {
    const types = [type('Some', { matches: "(?s)Address '(?<address>.*)' of (?<person>\\w+)", keep: ['address'] })];
    const address = `Hosa\u0000\u001b[31mhalli\u202e\n\u2028${'गाँव '.repeat(100)}`;
    const found = classifier(types, 'retry')(error({ detail: `for SENTINEL: Address '${address}' of SENTINEL` }));
    expect(found.kept).toEqual({ address: `Hosa[31mhalli${'गाँव '.repeat(100)}`.slice(0, 200) });
    expect(JSON.stringify(found)).not.toContain('SENTINEL');
  });

  it('never cuts a character in two, and leaves out a group that matched nothing', () => {
    const types = [type('Some', { matches: '(?<a>.+)(?<b>x)?$', keep: ['a', 'b'] })];
    expect(classifier(types, 'retry')(error({ detail: '😀'.repeat(300) })).kept).toEqual({ a: '😀'.repeat(200) });
  });

  it('comes quickly from megabytes, from binary, and from what makes other expressions hang', () => {
    const types = [type('Some', { matches: '(?<a>(x+x+)+y)', keep: ['a'] }), type('Late', { contains: 'at the very end' })];
    const classify = classifier(types, 'retry');
    const texts = [
      'x'.repeat(20_000_000),
      Buffer.from(Array.from({ length: 1_000_000 }, (_, n) => n % 256)).toString('latin1'),
      `${'a'.repeat(5_000_000)} at the very end`,
    ];
    for (const detail of texts) {
      const found = classify(error({ detail }));
      expect(found.errorType).toBe('Unclassified');
      expect(JSON.stringify(found).length).toBeLessThan(1_000);
    }
  });

  it('is never longer than Temporal takes, whoever wrote its words', () => {
    const long = 'x'.repeat(3_000_000);
    const classify = classifier([], 'retry');
    expect(JSON.stringify(classify(error({ message: long, remedy: long, path: long, expression: long }))).length).toBeLessThan(10_000);
  });

  it('is refused where a type has a bad expression, so that no type is passed over', () => {
    expect(() => classifier([type('Some', { matches: '(' })], 'retry')).toThrow(/Some has a bad expression/);
  });
});
