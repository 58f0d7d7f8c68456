import { expect, it } from '@jest/globals';
import jsonata from 'jsonata';
import { namedConcepts } from '../../src/mapping/named-concepts.js';

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
