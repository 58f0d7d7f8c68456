import { describe, expect, it } from '@jest/globals';
import { nextPage } from '../../../src/connectors/fhir/next-page.js';

const base = 'https://emr.example/ehr/fhir';
const before = `${base}/Patient?_id=a&_count=2`;
const next = (link: string, aliases?: string[]): string => {
  const path = nextPage(link, before, { base, ...(aliases ? { aliases } : {}) }, 'Searching');
  return path.startsWith('?') ? base + path : `${base}/${path}`;
};

describe('the address of a further page', () => {
  it.each([
    ['absolute', `${base}/Patient?page=2`, `${base}/Patient?page=2`],
    ['absolute, on the base itself', `${base}?_getpages=x&_getpagesoffset=2`, `${base}?_getpages=x&_getpagesoffset=2`],
    ['absolute, with the usual port', 'https://emr.example:443/ehr/fhir/Patient?page=2', `${base}/Patient?page=2`],
    ['host-relative', '/ehr/fhir/Patient?page=2', `${base}/Patient?page=2`],
    ['base-relative', 'Patient?page=2', `${base}/Patient?page=2`],
    ['of a query alone', '?page=2', `${base}/Patient?page=2`],
    ['with a step up', '../fhir/Patient?page=2', `${base}/Patient?page=2`],
    ['without a scheme', '//emr.example/ehr/fhir/Patient?page=2', `${base}/Patient?page=2`],
  ])('is followed where it is %s', (_form, link, address) => {
    expect(next(link)).toBe(address);
  });

  it('is asked for at the base where the server calls itself otherwise', () => {
    const aliases = ['http://hapi:8080/fhir/', 'https://old.example'];
    expect(next('http://hapi:8080/fhir/Patient?page=2', aliases)).toBe(`${base}/Patient?page=2`);
    expect(next('http://hapi:8080/fhir?_getpages=x', aliases)).toBe(`${base}?_getpages=x`);
    expect(next('https://old.example/Patient?page=2', aliases)).toBe(`${base}/Patient?page=2`);
    expect(() => next('http://hapi:8081/fhir/Patient?page=2', aliases)).toThrow('not below the url');
  });

  it.each([
    '/admin/delete?x=1',
    'https://emr.example/admin/delete?x=1',
    'https://emr.example/ehr/fhirs/Patient',
    `${base}/../admin`,
    `${base}/%2e%2e/admin`,
    `${base}/..%2F..%2Fadmin`,
    `${base}/..%5cadmin`,
    '../../admin',
    'https://emr.example:8443/ehr/fhir/Patient?page=2',
    'http://emr.example/ehr/fhir/Patient?page=2',
    'https://evil.example/ehr/fhir/Patient?page=2',
    'https://emr.example@evil.example/ehr/fhir/Patient',
    '//evil.example/ehr/fhir/Patient',
    '\\\\evil.example/ehr/fhir/Patient',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://',
  ])('is refused where it leads elsewhere: %s', (link) => {
    expect(() => next(link)).toThrow('not below the url');
    expect(() => next(link)).not.toThrow('evil');
  });
});
