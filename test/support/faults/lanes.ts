/** Does all jobs, so many at a time; results in the order of the jobs. */
export async function inLanes<T, R>(
  lanes: number,
  jobs: readonly T[],
  work: (job: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(jobs.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next++;
      results[index] = await work(jobs[index] as T);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
