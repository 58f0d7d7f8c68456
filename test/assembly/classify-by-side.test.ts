import { describe, expect, it } from '@jest/globals';
import { classifyBySide } from '../../src/assembly/classify-by-side.js';
import { remedyOf } from '../../src/assembly/remedy-of.js';
import { avni } from '../../src/connectors/avni/index.js';
import { fhir } from '../../src/connectors/fhir/index.js';
import { check, edited } from '../definition/support.js';

describe('the error types of an entity type', () => {
  it('are the definition’s, then those of the system that spoke, then the engine’s', async () => {
    const { definition } = await check(
      edited('processes:', 'errorTypes:\n  Mine: { contains: mine, then: stop, remedy: Mend it. }\nprocesses:'),
    );
    const process = definition?.processes['one'];
    if (!definition || !process) throw new Error('The definition is valid');
    const classify = classifyBySide(definition, process, { source: avni, destination: fhir });
    const typeOf = (code: string, detail: string, systemCode = 'x') =>
      classify({ code, systemCode, detail, message: 'm', remedy: 'r' }).errorType;
    expect(typeOf('Refused', 'this is mine', 'invalid')).toBe('Mine');
    expect(typeOf('Refused', 'duplicate key', 'invalid')).toBe('FhirInvalid');
    // A text of Avni's is none where the other system says it.
    expect(typeOf('Refused', 'duplicate key')).toBe('Unclassified');
    expect(typeOf('Unreadable', 'Query did not return a unique result: 2 results were returned')).toBe('NotUnique');
    expect(typeOf('Unreadable', 'Invalid format', 'invalid')).toBe('Unreadable');
    expect(typeOf('MappingFailed', 'duplicate key', 'invalid')).toBe('MappingFailed');
  });

  it('are the destination’s also for what its connector finds before it writes', async () => {
    const { definition } = await check(
      edited('processes:', 'errorTypes:\n  Mine: { contains: mine, then: stop, remedy: Mend it. }\nprocesses:'),
    );
    const process = definition?.processes['one'];
    if (!definition || !process) throw new Error('The definition is valid');
    const toAvni = classifyBySide(definition, process, { source: fhir, destination: avni });
    const found = (code: string, detail?: string) => toAvni({ code, message: 'm', remedy: 'r', ...(detail ? { detail } : {}) });
    expect(found('AddressNotFound', "Address 'Karnataka, Mysuru, Nowhere' not found")).toMatchObject({
      errorType: 'AddressNotFound',
      kept: { address: 'Karnataka, Mysuru, Nowhere' },
    });
    expect(found('GenderMissing', 'Gender cannot be null for Person subject type').errorType).toBe('GenderMissing');
    expect(found('KeyNotKnown')).toMatchObject({ errorType: 'KeyNotKnown', then: 'wait-for-person' });
    // A definition's own types come first here too; what the engine finds is no word of Avni's.
    expect(found('AddressNotFound', 'this is mine').errorType).toBe('Mine');
    expect(found('MappingFailed', 'duplicate key').errorType).toBe('MappingFailed');
    const fromAvni = classifyBySide(definition, process, { source: avni, destination: fhir });
    expect(fromAvni({ code: 'KeyNotKnown', message: 'm', remedy: 'r' }).errorType).toBe('Unclassified');
  });

  it('have their remedies by name, whichever system they are of', async () => {
    const { definition } = await check(
      edited('processes:', 'errorTypes:\n  Mine: { contains: mine, then: stop, remedy: Mend it. }\nprocesses:'),
    );
    if (!definition) throw new Error('The definition is valid');
    const of = remedyOf(definition, [avni, fhir]);
    expect([of('Mine'), of('Unheard')]).toEqual(['Mend it.', undefined]);
    for (const name of ['AddressNotFound', 'FhirValue', 'MappingFailed']) expect(of(name)).toMatch(/./);
  });
});
