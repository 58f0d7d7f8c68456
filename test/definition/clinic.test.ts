import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { env } from './support.js';

describe('integrations/clinic.yaml', () => {
  it('is valid, parents first, with the removal each type needs', async () => {
    const { definitions, problems } = await loadDefinitions({ paths: ['integrations'], connectorTypes, env });
    expect(problems).toEqual([]);
    const process = definitions.find(({ integration }) => integration === 'clinic')?.processes['maternal-health'];
    expect(process?.id).toBe('clinic/maternal-health');
    expect(process?.entityTypes.map(({ name, whenVoided }) => `${name} ${whenVoided}`)).toEqual([
      'Beneficiary mark',
      'Enrolment mark',
      'Growth remove',
      'HealthCheck remove',
    ]);
  });
});
