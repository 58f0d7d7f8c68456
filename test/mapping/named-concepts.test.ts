import { expect, it } from '@jest/globals';
import jsonata from 'jsonata';
import { namedConcepts, readsAllConcepts } from '../../src/mapping/named-concepts.js';

it.each<[string, string[]]>([
  ['observations.Weight', ['Weight']],
  ['observations.Household.`Water source`', ['Household', 'Household » Water source']],
  ['$lookup(observations, "Weight")', ['Weight']],
  ['$lookup($$.observations, "Weight") > 10', ['Weight']],
  ['$lookup(observations.Household, "Water source")', ['Household', 'Household » Water source']],
  ['($x := $lookup(observations, "Weight"); { "a": $x, "b": $lookup(observations, name) })', ['Weight']],
  ['$lookup(location, "Village")', []],
  ['$other(observations, "Weight")', []],
  ['$lookup("observations", observations)', []],
])('concepts that stand in %s by name are known', (expression, concepts) => {
  expect(namedConcepts(jsonata(expression).ast(), ['observations']).sort()).toEqual(concepts);
});

it.each<[string, boolean]>([
  ['observations.Weight + $$.observations.Height', false],
  ['$lookup($$.observations, "Weight")', false],
  ['$lookup(location, name)', false],
  ['$map(rows, function($r) { $r.observed })', false],
  ['name.*', false],
  ['$lookup(observations.Household, "Water source")', false],
  ['observations', true],
  ['$exists($$.observations) ? 1', true],
  ['observations[0]', true],
  ['observations.*', true],
  ['observations.(Weight)', true],
  ['*.Weight', true],
  ['$lookup(observations, name)', true],
  ['$lookup($$, "observations")', true],
  ['$keys($$)', true],
])('%s reads concepts that do not stand in it: %s', (expression, reads) => {
  expect(readsAllConcepts(jsonata(expression).ast(), ['observations'])).toBe(reads);
});
