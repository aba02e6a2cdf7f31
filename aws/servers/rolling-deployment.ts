/** How many tasks of a service there are while a rolling deployment replaces them. ECS API, "DeploymentConfiguration", read November 2026. Pure. */

/** Percentages of the tasks that are wanted. */
export interface RollingDeployment {
  minimumHealthyPercent: number;
  maximumPercent: number;
}

/** ECS's own for a service whose tasks it places. */
export const usualDeployment: RollingDeployment = { minimumHealthyPercent: 100, maximumPercent: 200 };

/** Old and new ones together, at most: rounded down, and not fewer than there are without a deployment. */
export const mostTasksInDeployment = (tasks: number, { maximumPercent }: RollingDeployment): number =>
  Math.max(tasks, Math.floor((tasks * maximumPercent) / 100));

/** Healthy ones, at least: rounded up. */
export const leastTasksInDeployment = (tasks: number, { minimumHealthyPercent }: RollingDeployment): number =>
  Math.min(tasks, Math.ceil((tasks * minimumHealthyPercent) / 100));
