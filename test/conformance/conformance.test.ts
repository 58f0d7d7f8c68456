import { describe, it } from '@jest/globals';
import { proveDestination, proveSource } from '../../src/conformance/index.js';
import { avniDestination, avniHouseholds, avniLocations, avniSource, fhirDestination, fhirSource } from './worlds.js';

describe('Avni as a source', () => proveSource(it, avniSource));
describe('Avni as a source of groups with their members', () => proveSource(it, avniHouseholds));
describe('Avni as a source of locations', () => proveSource(it, avniLocations));
describe('FHIR as a source', () => proveSource(it, () => fhirSource()));
describe('FHIR as a source with stamps of whole seconds', () => proveSource(it, () => fhirSource({ stamps: 's' })));
describe('FHIR as a destination, in bundles', () => proveDestination(it, () => fhirDestination(100)));
describe('FHIR as a destination, one by one', () => proveDestination(it, () => fhirDestination(1)));
describe('Avni as a destination', () => proveDestination(it, () => avniDestination()));
describe('Avni as a destination that owns some observations', () =>
  proveDestination(it, () => avniDestination(['Remarks', 'Systolic', 'Symptoms'])));
