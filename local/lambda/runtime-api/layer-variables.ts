/** Variables by which other runtimes than Node.js find what is in layers. Source: Lambda developer guide, "Packaging your layer content", read November 2026. Pure. */
import { join } from 'node:path';
import type { FunctionModel } from '../../template/model.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What the function has of its own comes after the layers, as on AWS. */
export function layerVariables(
  { layerFolders, runtime }: Pick<FunctionModel, 'layerFolders' | 'runtime'>,
  own: Variables,
): Record<string, string> {
  if (layerFolders.length === 0) return {};
  const paths = (name: string, folders: readonly string[]) => ({
    [name]: [...layerFolders.flatMap((layer) => folders.map((folder) => join(layer, folder))), own[name]]
      .filter((path) => path !== undefined && path !== '')
      .join(':'),
  });
  return {
    ...paths('PATH', ['bin']),
    ...paths('LD_LIBRARY_PATH', ['lib']),
    ...(runtime.startsWith('python') && paths('PYTHONPATH', ['python', `python/lib/${runtime}/site-packages`])),
    ...(runtime.startsWith('ruby') && paths('RUBYLIB', ['ruby/lib'])),
  };
}
