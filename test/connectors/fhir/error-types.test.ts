import { describe, expect, it } from '@jest/globals';
import { fhirErrorTypes } from '../../../src/connectors/fhir/error-types.js';
import { classifier } from '../../../src/errors/classify.js';
import { codesOfSystem } from '../../support/code-systems.js';

describe('what a FHIR server says', () => {
  it('has a type for every issue code of R4, and for no other', () => {
    expect(new Set(fhirErrorTypes.map(({ code }) => code))).toEqual(new Set(codesOfSystem('http://hl7.org/fhir/issue-type')));
  });

  it('is told by the code alone', () => {
    const error = { code: 'Refused', status: 422, message: 'It was refused.', remedy: 'See why.', detail: 'SENTINEL' };
    const classify = classifier(fhirErrorTypes, 'retry');
    expect(classify({ ...error, systemCode: 'code-invalid' })).toMatchObject({ errorType: 'FhirCodeInvalid', then: 'retry' });
    expect(classify(error)).toMatchObject({ errorType: 'Unclassified' });
  });
});
