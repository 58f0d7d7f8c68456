import { describe, expect, it } from '@jest/globals';
import { check, small } from './support.js';

const withFunctions = (functions: string, map = '$exists($f(ID)) ? { "resourceType": "Patient" }'): string =>
  small
    .replace('processes:', `functions:\n${functions}processes:`)
    .replace(/(\n +)map: .*?(?=\n)/, (_all, indent: string) => `${indent}map: '${map}'`);

describe('functions of a definition', () => {
  it('are known to every expression that calls them, and to one another', async () => {
    const { definition, found } = await check(
      withFunctions(
        '  f: function($value) { $g($value, "kg") }\n  g: "function($value, $code) { $value & $code }"\n  unused: function() { 1 }\n',
      ),
    );
    expect(found).toEqual([]);
    const [first] = definition?.processes['one']?.entityTypes ?? [];
    expect(Object.keys(first?.functions ?? {})).toEqual(['f', 'g']);
  });

  it.each([
    ['does not parse', '  f: function($a) { ( }\n', 'BadExpression functions.f'],
    ['is no function', '  f: "1 + 1"\n', 'NotAFunction functions.f'],
    ['calls what is not there', '  f: function($a) { $nothing($a) }\n', 'UnknownFunction functions.f'],
    ['takes a name that only its caller has', '  f: function($a) { $b }\n', 'UnknownFunction functions.f'],
    ['hides one of JSONata', '  f: function($a) { $a }\n  sum: function($a) { $a }\n', 'HidesBuiltIn functions.sum'],
    ['hides a helper', '  f: function($a) { $a }\n  code: function($a) { $a }\n', 'HidesBuiltIn functions.code'],
    ['has a name that cannot be called', '  f: function($a) { $a }\n  a-b: function($a) { $a }\n', 'InvalidName functions.a-b'],
    ['names a code table that is not there', '  f: function($a) { $code("none", $a) }\n', 'UnknownCodeTable functions.f'],
    ['gives something else each time', '  f: function($a) { $now() }\n', 'NotRepeatable functions.f'],
    ['takes a zone that is none', '  f: function($a) { $date($a, "India") }\n', 'BadZone functions.f'],
    ['refers to a resource that its caller has not', '  f: function($a) { $ref("visit") }\n', 'UnknownResource functions.f'],
    ['depends on a parent that its caller has not', '  f: function($a) { $parent("None") }\n', 'UnknownParent functions.f'],
  ])('one that %s is refused', async (_what, functions, problem) => {
    expect((await check(withFunctions(functions))).found).toEqual([problem]);
  });

  it('tell where they are wrong, to the character', async () => {
    const { problems } = await check(withFunctions('  f: |\n    function($a) {\n      $nothing($a) }\n'));
    expect(problems).toEqual([expect.objectContaining({ line: 8, column: 7, allowed: expect.stringContaining('$f') })]);
  });

  it('with references are for maps alone, also by way of another function', async () => {
    const text = withFunctions('  f: function($a) { $g() }\n  g: function() { $ref("main") }\n').replace(
      /(\n +)map: /,
      '$1when: "$f(1) = 1"$1map: ',
    );
    expect((await check(text)).found).toEqual(['HelperMisplaced functions.g']);
  });

  it('change the digest of the process that calls them', async () => {
    const digest = async (functions: string): Promise<string | undefined> =>
      (await check(withFunctions(functions))).definition?.processes['one']?.digest;
    const before = await digest('  f: function($a) { $g($a) }\n  g: function($a) { $a }\n  h: function($a) { $a }\n');
    expect(await digest('  f: function($a) { $g($a) }\n  g: function($a) { [$a] }\n  h: function($a) { $a }\n')).not.toBe(before);
    expect(await digest('  f: function($a) { $g($a) }\n  g: function($a) { $a }\n  h: function($a) { [$a] }\n')).toBe(before);
  });
});
