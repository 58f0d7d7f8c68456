/**
 * Whether a request, as a FHIR simulator notes it, is none that only reads: a search may be by
 * POST.
 */
export function isWrite(request: string): boolean {
  return !request.startsWith('GET ') && !request.endsWith('/_search');
}
