import { startServer, type TestServer } from '../support/dynamodb/server.js';
import { freshFolder } from '../support/e2e/stage.js';
import { describeCompositeKeys } from '../support/moorings/moorings-contract.js';
import { mooringsOnDynamo } from '../support/moorings/moorings-trial.js';

describe('a plan with composite keys, on a real server', () => {
  let server: TestServer;
  const folder = freshFolder();

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  describeCompositeKeys(() => mooringsOnDynamo(server.endpoint, folder.path));
});
