import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A workspace as its package.json declares it. */
interface Workspace {
  readonly name: string;
  readonly folder: string;
  /** Undefined: a leaf for tests only, which may be imported by tests and by nothing else. */
  readonly layer: number | undefined;
  readonly dependencies: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
}

/** One import statement of a file. */
interface Import {
  readonly specifier: string;
  readonly line: number;
}

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;(=])import\s*\(?\s*['"]([^'"]+)['"]/g;

function readWorkspaces(root: string): Workspace[] {
  const places = ['packages/*', 'apps/*', 'lab', 'bench', 'crash'].map((folder) => `${folder}/package.json`);
  return globSync(places, { cwd: root }).map((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
    return {
      name: manifest.name,
      folder: file.slice(0, -'/package.json'.length),
      layer: manifest.layer,
      dependencies: new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })),
      exports: new Set(Object.keys(manifest.exports ?? {})),
    };
  });
}

/** Every import of a TypeScript text, `import type`, re-exports and dynamic imports included. */
export function importsOf(text: string): Import[] {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...bare.matchAll(IMPORT)].map((match) => ({
    specifier: (match[1] ?? match[2]) as string,
    line: bare.slice(0, match.index + match[0].length).split('\n').length,
  }));
}

function isTest(file: string): boolean {
  return /\.test\.ts$|\/conformance\/|\/fixtures\//.test(file);
}

function judge(
  from: Workspace,
  file: string,
  specifier: string,
  byName: ReadonlyMap<string, Workspace>,
): string | undefined {
  if (!specifier.startsWith('@counterpoint/')) return undefined;
  const [scope, short, ...rest] = specifier.split('/');
  const target = byName.get(`${scope}/${short}`);
  if (!target) return `imports ${specifier}, which is no workspace`;
  const face = rest.length === 0 ? '.' : `./${rest.join('/')}`;
  if (!target.exports.has(face)) return `imports ${specifier}, which ${target.name} does not export (deep import)`;
  if (target === from) return 'imports its own index; import the file';
  if (isTest(file)) return undefined;
  if (!from.dependencies.has(target.name)) return `imports ${target.name} without declaring it in package.json`;
  if (from.layer === undefined) return undefined;
  if (target.layer === undefined) return `imports ${target.name}, which is for tests only`;
  if (target.layer >= from.layer) {
    return `imports ${target.name} (layer ${target.layer}) from layer ${from.layer}: arrows only go down`;
  }
  return undefined;
}

function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Checks every workspace under `root`; gives the findings and how many files were read. */
export function checkLayers(root: string): { findings: string[]; files: number } {
  const workspaces = readWorkspaces(root);
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
  const findings: string[] = [];
  let files = 0;
  for (const workspace of workspaces) {
    const graph = new Map<string, string[]>();
    const sources = globSync('**/*.{ts,tsx}', {
      cwd: join(root, workspace.folder),
      exclude: (name) => name === 'node_modules' || name === 'dist',
    });
    for (const source of sources) {
      files += 1;
      const file = join(workspace.folder, source);
      const local: string[] = [];
      for (const { specifier, line } of importsOf(readFileSync(join(root, file), 'utf8'))) {
        const finding = judge(workspace, file, specifier, byName);
        if (finding) findings.push(`${file}:${line} ${finding}`);
        if (!specifier.startsWith('.')) continue;
        const target = join(file, '..', specifier);
        if (relative(workspace.folder, target).startsWith('..')) {
          findings.push(`${file}:${line} reaches out of its package with ${specifier}`);
        }
        local.push(target);
      }
      graph.set(file, local);
    }
    const cycle = findCycle(graph);
    if (cycle) findings.push(`import cycle: ${cycle.join(' -> ')}`);
  }
  return { findings, files };
}

if (import.meta.main) {
  const { findings, files } = checkLayers(join(import.meta.dirname, '..'));
  for (const finding of findings) process.stderr.write(`${finding}\n`);
  if (files === 0) process.stderr.write('layer-check read no file: it looks in the wrong place\n');
  process.stdout.write(`layer-check: ${files} files, ${findings.length} findings\n`);
  process.exitCode = findings.length > 0 || files === 0 ? 1 : 0;
}
