// What npm installed, or would install, against the shrinkwrap that was packed: every version the one that was tested, and nothing else beside it.
//   node .ci/check-installed.mjs PACKAGE.tgz package-lock.json [node_modules]: with node_modules, also what lies there; prints packages and MB.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [tarball = '', lockFile = '', modules] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const entry = (name) =>
  execFileSync('tar', ['-xzOf', tarball, `package/${name}`], { encoding: 'utf8', maxBuffer: 100_000_000 });
const { name } = JSON.parse(entry('package.json'));
const { packages: tested } = JSON.parse(entry('npm-shrinkwrap.json'));
const { packages: locked } = read(lockFile);

const problems = [];
const own = `node_modules/${name}/`;
for (const [folder, { version, os, cpu }] of Object.entries(tested)) {
  if (folder === '') continue;
  const found = locked[own + folder]?.version;
  if (found !== version) problems.push(`${folder}: ${found ?? 'missing'} instead of ${version}`);
  if (modules === undefined) continue;
  const manifest = join(modules, name, folder, 'package.json');
  const isForHere =
    (os ?? [process.platform]).includes(process.platform) && (cpu ?? [process.arch]).includes(process.arch);
  if (existsSync(manifest) && read(manifest).version !== version)
    problems.push(`${folder}: ${read(manifest).version} on disk`);
  if (!existsSync(manifest) && isForHere) problems.push(`${folder}: not on disk`);
}
for (const folder of Object.keys(locked))
  if (folder.startsWith(own) && !(folder.slice(own.length) in tested)) problems.push(`${folder}: was not tested`);
if (problems.length > 0) {
  console.error(
    `${problems.length} of ${Object.keys(tested).length} packages are not those of the shrinkwrap:\n${problems.slice(0, 20).join('\n')}`,
  );
  process.exit(1);
}
const count = Object.keys(tested).length;
if (modules === undefined) console.log(`${count} packages, each of the version that was tested`);
else {
  const [kilobytes] = execFileSync('du', ['-sk', join(modules, name)], { encoding: 'utf8' }).split('\t');
  console.log(`installed: ${count} packages, ${Math.round(Number(kilobytes) / 1_024)} MB`);
}
