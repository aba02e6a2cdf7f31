// A registry with one package, the packed one, as it would be published; all else is the usual registry's. npm follows a package's shrinkwrap when the
// registry says that it has one (`_hasShrinkwrap`), and not when the package is a file: this is how an installation from a registry is tried before publishing.
//   node .ci/registry.mjs loadline-0.1.0.tgz: prints its URL, and serves until it is stopped.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [tarball = ''] = process.argv.slice(2);
const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '');
const content = readFileSync(tarball);
const entry = (name) =>
  execFileSync('tar', ['-xzOf', tarball, `package/${name}`], { encoding: 'utf8', maxBuffer: 1e8 });
const manifest = JSON.parse(entry('package.json'));
JSON.parse(entry('npm-shrinkwrap.json'));

const server = createServer(({ url }, response) => {
  const base = `http://127.0.0.1:${server.address().port}`;
  if (url === `/${manifest.name}/-/package.tgz`) {
    response.end(content);
  } else if (url === `/${manifest.name}`) {
    const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
    const dist = { tarball: `${base}/${manifest.name}/-/package.tgz`, integrity };
    const version = { ...manifest, _hasShrinkwrap: true, dist };
    const versions = { [manifest.version]: version };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: manifest.name, 'dist-tags': { latest: manifest.version }, versions }));
  } else response.writeHead(307, { location: `${upstream}${url}` }).end();
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
