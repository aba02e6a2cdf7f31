/**
 * The versions of one secret and their staging labels. Source: Secrets Manager API reference, GetSecretValue, PutSecretValue and
 * UpdateSecretVersionStage, read November 2026.
 */

export type Label = string;
const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';

interface Version {
  id: string;
  value: string;
  labels: Label[];
  createdAtSeconds: number;
}

/** An error of the service. */
export interface VersionError {
  type:
    | 'ResourceNotFoundException'
    | 'ResourceExistsException'
    | 'InvalidRequestException'
    | 'InvalidParameterException';
  message: string;
}

const missing = (what: string): VersionError => ({
  type: 'ResourceNotFoundException',
  message: `Secrets Manager can't find the specified secret value for ${what}`,
});

export class SecretVersions {
  #versions: Version[] = [];

  /** Staging labels by version id. */
  get stages(): Record<string, readonly Label[]> {
    return Object.fromEntries(this.#versions.map(({ id, labels }) => [id, labels]));
  }

  /** The version with this id, with this label, or with both. */
  find({ id, label }: { id?: string | undefined; label?: Label | undefined }): Readonly<Version> | VersionError {
    const wanted = id === undefined ? (label ?? current) : label;
    const version = this.#versions.find(
      (one) => (id === undefined || one.id === id) && (wanted === undefined || one.labels.includes(wanted)),
    );
    if (version) return version;
    if (id !== undefined && label !== undefined && this.#versions.some((one) => one.id === id))
      return {
        type: 'InvalidRequestException',
        message: 'You provided a VersionStage that is not associated to the provided VersionId.',
      };
    return missing(id === undefined ? `staging label: ${wanted}` : `VersionId: ${id}`);
  }

  /** Adds a version. With AWSCURRENT among its labels, the version that had it becomes AWSPREVIOUS. A repeated request changes nothing. */
  put(
    id: string,
    value: string,
    { labels, nowSeconds }: { labels: Label[]; nowSeconds: number },
  ): Readonly<Version> | VersionError {
    const known = this.#versions.find((version) => version.id === id);
    if (known && known.value !== value)
      return {
        type: 'ResourceExistsException',
        message: `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret.`,
      };
    const version = known ?? { id, value, labels: [], createdAtSeconds: nowSeconds };
    if (!known) this.#versions.push(version);
    for (const label of labels) this.#attach(label, version);
    this.#dropUnlabelled();
    return version;
  }

  /** Attaches a label to a version, removes it from one, or moves it. */
  move(label: Label, { to, from }: { to?: string | undefined; from?: string | undefined }): null | VersionError {
    const holder = this.#versions.find(({ labels }) => labels.includes(label));
    const target = this.#versions.find(({ id }) => id === to);
    if (to !== undefined && !target) return missing(`VersionId: ${to}`);
    if (holder && holder.id !== from && holder !== target)
      return {
        type: 'InvalidParameterException',
        message: `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      };
    if (target) {
      this.#attach(label, target);
    } else if (label === current) {
      return {
        type: 'InvalidParameterException',
        message: `You can only move staging label ${current} to a different secret version. It cannot be removed.`,
      };
    } else if (holder) holder.labels = holder.labels.filter((one) => one !== label);
    this.#dropUnlabelled();
    return null;
  }

  /** A label is on one version at a time. */
  #attach(label: Label, version: Version): void {
    const holder = this.#versions.find(({ labels }) => labels.includes(label));
    if (holder === version) return;
    if (holder) {
      holder.labels = holder.labels.filter((one) => one !== label);
      if (label === current) this.#attach(previous, holder);
    }
    version.labels = [...version.labels.filter((one) => label !== current || one !== previous), label];
  }

  /** Secrets Manager may delete a version without a label at any time. */
  #dropUnlabelled(): void {
    this.#versions = this.#versions.filter(({ labels }) => labels.length > 0);
  }
}
