/** The image of a task: a folder with the bundled server and its Dockerfile, built where the stack is deployed from. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

export const taskFolder = '/app';
export const taskFile = 'index.mjs';

/** Where certificates of RDS are, which Node.js does not know: those of a proxy it does. */
export const certificatesFile = `${taskFolder}/rds.pem`;
/** Source: RDS user guide, "Using SSL/TLS to encrypt a connection", read November 2026. For the user that the task runs as. */
const certificatesOfRds = `ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem ${certificatesFile}
`;

/** Node.js of the version that the functions have. */
const dockerfileWith = (more: string): string => `FROM public.ecr.aws/docker/library/node:24-slim
WORKDIR ${taskFolder}
COPY ${taskFile} ./
${more}USER node
ENV NODE_ENV=production
CMD ["node", "${taskFolder}/${taskFile}"]
`;

/** `reachesInstance`: tasks sign in to the database itself, and not to a proxy. */
export const writeDockerfile = (folder: string, { reachesInstance }: { reachesInstance: boolean }): void =>
  writeFileSync(join(folder, 'Dockerfile'), dockerfileWith(reachesInstance ? certificatesOfRds : ''));

/** Where the image of the tasks comes from: a built one in a deployment, any in a template test. */
interface TaskImage {
  image: ContainerImage;
  /** Notes in the template where its code is, for whoever runs it without a container. */
  note: (definition: CfnTaskDefinition) => void;
}
export type ImageOf = (scope: Construct) => TaskImage;

export const imageFromFolder =
  (directory: string): ImageOf =>
  (scope) => {
    const asset = new DockerImageAsset(scope, 'Image', { directory, platform: Platform.LINUX_ARM64 });
    return {
      image: ContainerImage.fromDockerImageAsset(asset),
      note: (definition) => asset.addResourceMetadata(definition, 'ContainerDefinitions.0.Image'),
    };
  };
