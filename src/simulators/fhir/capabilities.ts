import type { FhirBehaviour } from './behaviour.js';

/** The answer to `GET metadata`: what the server can do, as its behaviour is now. */
export function capabilities({ transactions, conditional }: FhirBehaviour): object {
  const interaction = [{ code: 'batch' }, ...(transactions ? [{ code: 'transaction' }] : [])];
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [{ mode: 'server', interaction, resource: [] }],
    implementation: { description: conditional ? 'A simulated server' : 'A simulated server without conditional writes' },
  };
}
