/** Elements of HTML 4.0 that R4 lets a narrative have. */
const ALLOWED = new Set(
  (
    'p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo kbd sub sup ul ol li dl dt dd ' +
    'pre table caption colgroup col thead tr tfoot tbody th td code samp img map area'
  ).split(' '),
);

/**
 * The rule of R4 that a narrative's `div` breaks: `txt-1`, elements or events that are not allowed,
 * or `txt-2`, nothing to read; undefined where none. Whether it is well-formed XHTML is left to
 * others.
 */
export function narrativeRule(div: unknown): 'txt-1' | 'txt-2' | undefined {
  if (typeof div !== 'string') return undefined;
  for (const [, name = ''] of div.matchAll(/<\/?([A-Za-z][^\s/<>]*)/g)) if (!ALLOWED.has(name)) return 'txt-1';
  if (/<[^<>]*\son[a-z]+\s*=/i.test(div)) return 'txt-1';
  return div.includes('<img') || /\S/.test(div.replace(/<[^<>]*>/g, '')) ? undefined : 'txt-2';
}
