import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What Temporal, the command, the set-up, Jest and authors of connectors find by name. */
const ENTRIES =
  /^(workflows\/index|workflows\/payload-converter|test\/support\/changed-workflows\/index|src\/cli\/main|src\/temporal\/build-bundle|src\/conformance\/index) |^jest\.config|^eslint\.config/;

/** Names as `<file without its ending> <name>`; `*` stands for all of a file. */
interface Names {
  exported: string[];
  imported: Set<string>;
}

function namesIn(files: string[]): Names {
  const names: Names = { exported: [], imported: new Set() };
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      collectImports(node, file, names);
      names.exported.push(...exportsOf(node, source).map((name) => `${bare(file)} ${name}`));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return names;
}

function bare(file: string): string {
  return file.replace(/^dist\//, '').replace(/(\.d)?\.(js|ts)$/, '');
}

function collectImports(node: ts.Node, file: string, { imported }: Names): void {
  const uses = (from: ts.Node | undefined, names: string[]): void => {
    if (!from || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return;
    for (const name of names) imported.add(`${bare(join(dirname(file), from.text))} ${name}`);
  };
  const named = (list: ts.NamedImports | ts.NamedExports): string[] =>
    list.elements.map(({ propertyName, name }) => (propertyName ?? name).text);
  if (ts.isImportDeclaration(node)) {
    const bindings = node.importClause?.namedBindings;
    if (bindings) uses(node.moduleSpecifier, ts.isNamedImports(bindings) ? named(bindings) : ['*']);
  } else if (ts.isExportDeclaration(node))
    uses(node.moduleSpecifier, node.exportClause && ts.isNamedExports(node.exportClause) ? named(node.exportClause) : ['*']);
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) uses(node.arguments[0], ['*']);
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) uses(node.argument.literal, ['*']);
}

/**
 * What a statement exports by name. A type that its own file mentions again is left out: whoever
 * calls that file’s functions may want to name it.
 */
function exportsOf(node: ts.Node, source: ts.SourceFile): string[] {
  if (ts.isExportDeclaration(node))
    return node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements.map(({ name }) => name.text) : [];
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []).map(({ kind }) => kind) : [];
  if (!modifiers.includes(ts.SyntaxKind.ExportKeyword) || modifiers.includes(ts.SyntaxKind.DefaultKeyword)) return [];
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText());
  const name = (node as ts.Node & { name?: ts.Node }).name?.getText() ?? '';
  const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  return isType && source.text.split(new RegExp(`\\b${name}\\b`)).length > 2 ? [] : [name];
}

describe('exports', () => {
  it('are all imported somewhere', () => {
    const files = execFileSync('git', ['ls-files', '*.ts', '*.js', '*.mjs'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
    const { exported, imported } = namesIn(files);
    const ours = exported.filter((each) => !ENTRIES.test(each));
    expect(ours.length).toBeGreaterThan(200);
    expect(ours.filter((each) => !imported.has(each) && !imported.has(`${each.split(' ')[0]} *`))).toEqual([]);
  });
});
