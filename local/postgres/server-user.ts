/** Whom PostgreSQL runs as: it refuses root. */
import { readFileSync } from 'node:fs';

export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

const candidates = ['postgres', 'nobody', 'daemon'];

/** Null: as the user of this process. @throws one sentence when root is the only user that there is. */
export function serverUser(
  ownUid: number | undefined = process.getuid?.(),
  readUsers: () => string = () => readFileSync('/etc/passwd', 'utf8'),
): ServerUser | null {
  if (ownUid !== 0) return null;
  const users = readUsers()
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of candidates) {
    const found = users.find(([name]) => name === wanted);
    if (found) return { name: wanted, uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error(
    `PostgreSQL does not run as root, and this machine has none of the users ${candidates.join(', ')} to run it as. Run Loadline as another user.`,
  );
}
