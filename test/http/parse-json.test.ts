import { describe, expect, it } from '@jest/globals';
import { avniPage } from '../../src/connectors/avni/rows.js';
import type { HttpResponse } from '../../src/http/http.js';
import { parseJson } from '../../src/http/parse-json.js';

describe('a page of Avni that is not of its shape', () => {
  it.each<[string, unknown, string]>([
    ['a list', [], 'its root'],
    ['nothing', null, 'its root'],
    ['rows that are none', { content: null, totalPages: 1, pageSize: 20 }, '"content"'],
    ['a number of pages that is none', { content: [{ ID: 'Lakshmi' }], totalPages: 'x', pageSize: 20 }, '"totalPages"'],
  ])('is the system’s failure, said with its place: %s', (_what, body, where) => {
    const response: HttpResponse = { status: 200, headers: {}, text: JSON.stringify(body) };
    const failure = expect.objectContaining({
      code: 'BadResponse',
      message: expect.stringContaining(`the answer is not of the expected shape at ${where} (`),
    });
    let thrown: unknown;
    try {
      parseJson(response, avniPage, 'Reading');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(failure);
    expect(String(thrown)).not.toContain('Lakshmi');
  });
});
