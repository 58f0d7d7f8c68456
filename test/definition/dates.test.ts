import { describe, expect, it } from '@jest/globals';
import { check, edited } from './support.js';

const path = 'processes.one.entityTypes.Visit.map.visit';

const found = async (expression: string): Promise<string[]> =>
  (await check(edited('"resourceType": "Encounter",', `"resourceType": "Encounter", "x": (${expression}),`))).found;

describe('an expression about dates', () => {
  it.each([
    ['$date(At, "Asia/Calcuta")', 'BadZone'],
    ['$dateTime(At, "local")', 'BadZone'],
    ['$dateTime(At, "+05:30")', 'BadZone'],
    ['$dateTime(At, "IST")', 'BadZone'],
    ['$date(At)', 'BadZone'],
    ['At ~> $date', 'BadZone'],
    ['At ~> $date("Asia/Calcuta")', 'BadZone'],
    ['$z := "Asia/Calcuta"; $date(At, $z)', 'BadZone'],
    ['$map(l, $date(?, "Asia/Calcuta"))', 'BadZone'],
    ['$fromMillis(n, undefined, "+05:30")', 'BadZone'],
    ['$fromMillis(n, undefined, "Asia/Kolkata")', 'BadZone'],
    ['$fromMillis(n, undefined, "5")', 'BadZone'],
    ['$fromMillis(n, undefined, "+1500")', 'BadZone'],
    ['$fromMillis(n, undefined, "-0330")', 'BadZone'],
    ['n ~> $fromMillis(undefined, "+05:30")', 'BadZone'],
    ['$fromMillis(n, "+0530")', 'BadPicture'],
    ['$fromMillis(n, "[Y]", zone)', 'BadPicture'],
    ['$f := $fromMillis; $f(n, undefined, "+05:30")', 'BadPicture'],
    ['$toMillis(At, "[H01]:[m01]")', 'NotRepeatable'],
    ['$toMillis(At, "[[Y]][M01]-[D01]")', 'NotRepeatable'],
    ['$toMillis(At, picture)', 'BadPicture'],
    ['$toMillis(At, "[D01]/[M01]/[Y01]")', 'BadPicture'],
    ['$toMillis(At, "[D01]/[M01]/[Y,2-2]")', 'BadPicture'],
    ['$eval("$now()")', 'NotRepeatable'],
    ['$eval(text)', 'NotRepeatable'],
    ['$f := $eval; $f("$millis()")', 'NotRepeatable'],
    ['text ~> $eval', 'NotRepeatable'],
    ['$g := function($now) { 1 }; $now()', 'NotRepeatable'],
  ])('%s is refused as %s', async (expression, code) => {
    expect([...new Set(await found(expression))]).toEqual([`${code} ${path}`]);
  });

  it.each([
    '$date(At, "Asia/Kolkata")',
    '$z := "Asia/Kolkata"; $date(At, $z)',
    '$date(At, zone)',
    '$map(l, $date(?, "UTC"))',
    '$fromMillis(n)',
    'n ~> $fromMillis',
    '$fromMillis(n, "[Y0001]-[M01]-[D01]", "+0530")',
    '$fromMillis(n, undefined, "-0300")',
    '$toMillis(At)',
    '$toMillis(At, "[D] [MNn] [YI]")',
    '$toMillis(At, "[D01]/[M01]/[Y0001]") ~> $fromMillis("[Y0001]-[M01]-[D01]")',
  ])('%s is valid', async (expression) => {
    expect(await found(expression)).toEqual([]);
  });
});
