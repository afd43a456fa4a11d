import type { Form } from '../form.ts';
import type { Program } from '../program.ts';
import { entry, list, name, tool, version } from './shared.ts';

/**
 * What checks descriptions of infrastructure and has nothing to do with what is described. What asks a server, or prints a state with
 * secrets in it (`plan`, `show`, `output`, `kubectl get`), is not here.
 */
const terraform: Form = { does: 'runs', oneDash: true, long: ['no-color', 'json'] };

const plans: readonly Program[] = [
  {
    names: ['terraform', 'tofu'],
    // At each start it asks a server whether there is a newer one, and notes that in the home.
    read: version('runs', 'version', '--version', '-version', '-v', '--help', '-help'),
    forms: {
      before: { oneDash: true, values: { chdir: 'read' } },
      commands: {
        validate: { ...terraform, long: ['no-color', 'json', 'no-tests'] },
        fmt: {
          ...terraform,
          long: ['check', 'diff', 'recursive', 'no-color'],
          exact: ['-write=false', '-list=true', '-list=false'],
          needs: ['check'],
          operands: 'read',
        },
        providers: terraform,
        'workspace list': terraform,
        'workspace show': terraform,
        version: terraform,
      },
    },
    match: [
      'terraform version',
      'terraform -version',
      'terraform validate',
      'terraform validate -json',
      'terraform fmt -check -recursive',
      'terraform -chdir=infra validate',
      'terraform providers',
      'terraform workspace list',
      'tofu fmt -check -diff infra',
    ],
    noMatch: [
      'terraform',
      'terraform fmt',
      'terraform fmt -check=false',
      'terraform fmt -recursive infra',
      'terraform fmt -check -write=true',
      'terraform init',
      'terraform plan',
      'terraform apply',
      'terraform destroy',
      'terraform output',
      'terraform show',
      'terraform state list',
      'terraform console',
      'terraform workspace new x',
      'terraform providers mirror x',
      'terraform -chdir=../other validate',
      'terraform test',
    ],
  },
  entry(
    'tflint',
    {
      ...tool({
        long: list('recursive no-color color force'),
        values: {
          f: list('default json checkstyle junit compact sarif'),
          format: list('default json checkstyle junit compact sarif'),
          chdir: 'read',
          'minimum-failure-severity': ['error', 'warning', 'notice'],
          only: name,
        },
      }),
    },
    ['tflint', 'tflint --recursive --format compact'],
    [
      'tflint --fix',
      'tflint --init',
      'tflint -c evil.hcl',
      'tflint --config=evil.hcl',
      'tflint --chdir ../other',
      'tflint --langserver',
    ],
  ),
  entry(
    'tfsec',
    tool({
      flags: 's',
      long: list('no-color no-colour soft-fail verbose concise-output include-passed include-ignored'),
      values: {
        f: list('lovely json sarif csv checkstyle junit text default'),
        format: list('lovely json sarif csv checkstyle junit text default'),
        e: name,
        exclude: name,
        m: name,
        'minimum-severity': name,
      },
      operands: 'read',
    }),
    ['tfsec .', 'tfsec --no-color infra'],
    [
      'tfsec --out x .',
      'tfsec -O x .',
      'tfsec --custom-check-url https://example.org .',
      'tfsec --config-file evil .',
      'tfsec ../other',
      'tfsec --update',
    ],
  ),
  entry(
    'checkov',
    tool({
      flags: 's',
      long: list('compact quiet soft-fail list skip-download no-guide'),
      values: {
        d: 'read',
        directory: 'read',
        f: 'read',
        file: 'read',
        framework: name,
        check: name,
        c: name,
        'skip-check': name,
        o: list('cli json junitxml sarif github_failed_only csv'),
        output: list('cli json junitxml sarif github_failed_only csv'),
        'skip-path': 'text',
      },
    }),
    ['checkov -d .', 'checkov -f main.tf --compact --quiet'],
    [
      'checkov -d . --external-checks-dir evil',
      'checkov -d . --external-checks-git https://example.org',
      'checkov --output-file-path x -d .',
      'checkov --config-file evil -d .',
      'checkov -d . --bc-api-key x',
      'checkov -d ../other',
      'checkov --create-config x',
    ],
  ),
  entry(
    'packer',
    {
      commands: {
        validate: tool({ long: [], exact: ['-syntax-only'], operands: 'read' }),
        fmt: { does: 'runs', oneDash: true, long: ['check', 'diff', 'recursive'], needs: ['check'], operands: 'read' },
      },
    },
    ['packer validate -syntax-only .', 'packer fmt -check .'],
    ['packer build .', 'packer fmt .', 'packer init .', 'packer validate -var-file=../x .'],
  ),
];

const helmValues = {
  f: 'read',
  values: 'read',
  set: 'text',
  'set-string': 'text',
  n: name,
  namespace: name,
  'kube-version': name,
  'api-versions': 'text',
} as const;
const clusters: readonly Program[] = [
  {
    names: ['helm'],
    ofMachine: true,
    forms: {
      commands: {
        version: tool({ long: ['short', 'client'], values: { template: 'text' } }),
        lint: tool({ long: ['strict', 'quiet', 'with-subcharts', 'debug'], values: helmValues, operands: 'read' }),
        template: tool({
          long: list('debug include-crds skip-crds skip-tests is-upgrade no-hooks release-name generate-name'),
          flags: 'g',
          values: { ...helmValues, s: 'text', 'show-only': 'text' },
          operands: { rest: 'read', least: 1 },
        }),
        'show chart': tool({ operands: { first: ['read'], least: 1 } }),
        'show values': tool({ operands: { first: ['read'], least: 1 } }),
        'dependency list': tool({ operands: { first: ['read'] } }),
        'dep list': tool({ operands: { first: ['read'] } }),
      },
    },
    match: [
      'helm version --short',
      'helm lint charts/app',
      'helm template charts/app -f charts/app/values.yaml',
      'helm template web charts/app --set image.tag=1',
      'helm dependency list charts/app',
    ],
    noMatch: [
      'helm',
      'helm list',
      'helm install x charts/app',
      'helm upgrade x charts/app',
      'helm template charts/app --output-dir src',
      'helm template charts/app --post-renderer ./x',
      'helm template charts/app --set-file a=.env',
      'helm template charts/app -f .env',
      'helm template x --repo https://example.org',
      'helm repo add x https://example.org',
      'helm dependency update charts/app',
      'helm plugin install x',
      'helm get values x',
      'helm template ../other',
    ],
  },
  {
    names: ['kustomize'],
    forms: { commands: { build: tool({ operands: { first: ['read'] } }), version: tool({}) } },
    match: ['kustomize build deploy', 'kustomize version'],
    noMatch: [
      'kustomize build -o x deploy',
      'kustomize build --enable-exec --enable-alpha-plugins deploy',
      'kustomize edit set image x',
      'kustomize build --load-restrictor LoadRestrictionsNone deploy',
      'kustomize build ../other',
      'kustomize build --enable-helm --helm-command ./x .',
    ],
  },
  {
    names: ['kubectl'],
    ofMachine: true,
    forms: {
      commands: {
        version: {
          long: ['client', 'short'],
          values: { o: ['yaml', 'json'], output: ['yaml', 'json'] },
          exact: ['--client=true'],
          needs: ['client'],
        },
        'config current-context': {},
        kustomize: tool({ operands: { first: ['read'] } }),
      },
    },
    match: ['kubectl version --client', 'kubectl config current-context', 'kubectl kustomize deploy'],
    noMatch: [
      'kubectl get pods',
      'kubectl version',
      'kubectl apply --dry-run=client -f x.yaml',
      'kubectl exec x -- sh',
      'kubectl config view',
      'kubectl config use-context x',
      'kubectl logs x',
      'kubectl --kubeconfig=evil config current-context',
      'kubectl kustomize ../other',
    ],
  },
  entry(
    'kubeval kubeconform',
    {
      does: 'runs',
      oneDash: true,
      long: list('strict summary ignore-missing-schemas verbose quiet exit-on-error force-color'),
      values: {
        output: list('stdout json tap junit pretty text'),
        o: list('stdout json tap junit text'),
        n: 'number',
        skip: name,
        d: 'read',
        directories: 'read',
        'kubernetes-version': name,
        v: name,
      },
      operands: 'read',
    },
    ['kubeval deploy/k8s.yaml', 'kubeconform -strict -summary deploy'],
    [
      'kubeconform -schema-location https://example.org x.yaml',
      'kubeval --schema-location https://example.org x.yaml',
      'kubeconform -cache src x.yaml',
      'kubeconform ../other',
    ],
  ),
  entry(
    'ansible-lint',
    tool({
      flags: 'qpvs',
      long: list('offline nocolor strict parseable quiet list-rules profile'),
      values: {
        f: list('brief full md json codeclimate quiet pep8 sarif'),
        format: list('brief full md json codeclimate quiet pep8 sarif'),
        x: name,
        w: name,
        t: name,
      },
      operands: 'read',
    }),
    ['ansible-lint', 'ansible-lint -q site.yml --offline'],
    [
      'ansible-lint --fix',
      'ansible-lint --write',
      'ansible-lint -r evil',
      'ansible-lint -c evil',
      'ansible-lint --project-dir ..',
      'ansible-lint -i x',
    ],
  ),
  entry(
    'ansible-playbook',
    tool({
      flags: 'v',
      long: ['syntax-check', 'list-tasks', 'list-tags'],
      values: { i: 'read', t: name, tags: name },
      needs: ['syntax-check', 'list-tasks', 'list-tags'],
      operands: { rest: 'read', least: 1 },
    }),
    ['ansible-playbook --syntax-check site.yml'],
    [
      'ansible-playbook site.yml',
      'ansible-playbook --check site.yml',
      'ansible-playbook --syntax-check -M evil site.yml',
      'ansible-playbook --syntax-check --vault-password-file x site.yml',
      'ansible-playbook --syntax-check -e @x site.yml',
    ],
  ),
  entry(
    'conftest',
    {
      commands: {
        test: tool({
          long: ['all-namespaces', 'no-color', 'trace'],
          values: {
            p: 'read',
            policy: 'read',
            o: list('stdout json tap table junit github'),
            output: list('stdout json tap table junit github'),
          },
          operands: { rest: 'read', least: 1 },
        }),
        verify: tool({ values: { p: 'read', policy: 'read' } }),
      },
    },
    ['conftest test deploy/k8s.yaml', 'conftest verify'],
    [
      'conftest pull x',
      'conftest test -u https://example.org x.yaml',
      'conftest push x',
      'conftest test --data ../x x.yaml',
    ],
  ),
  entry(
    'opa',
    {
      commands: {
        version: tool({}),
        test: tool({ flags: 'v', long: ['verbose', 'coverage'], values: { r: 'text', run: 'text' }, operands: 'read' }),
        check: tool({ flags: 's', long: ['strict'], operands: 'read' }),
        fmt: tool({ flags: 'ld', long: ['list', 'diff', 'fail'], operands: 'read' }),
      },
    },
    ['opa test . -v', 'opa check --strict policy', 'opa fmt -l policy'],
    ['opa run -s', "opa eval 'x'", 'opa fmt -w policy', 'opa build -b x', 'opa test ../other'],
  ),
  entry(
    'cfn-lint',
    tool({
      flags: '',
      values: {
        f: list('quiet parseable json junit pretty sarif'),
        format: list('quiet parseable json junit pretty sarif'),
        i: name,
        r: name,
        t: 'read',
      },
      operands: 'read',
    }),
    ['cfn-lint template.yaml'],
    [
      'cfn-lint -a evil template.yaml',
      'cfn-lint --output-file x template.yaml',
      'cfn-lint -u',
      'cfn-lint --config-file evil template.yaml',
    ],
  ),
  entry(
    'cue',
    { commands: { vet: tool({ flags: 'c', long: ['concrete', 'strict'], operands: 'read' }), version: tool({}) } },
    ['cue vet .', 'cue vet -c schema.cue'],
    ['cue cmd x', 'cue export -o x', 'cue fmt .', 'cue vet ../other', 'cue get go x'],
  ),
  entry(
    'nixfmt alejandra statix deadnix',
    tool({ flags: 'cq', long: ['check', 'quiet'], needs: ['check', 'c'], operands: 'read' }),
    ['nixfmt --check .', 'alejandra -c .'],
    ['nixfmt .', 'alejandra .', 'deadnix --edit .', 'statix fix', 'nixfmt ../other --check'],
  ),
];

export const infrastructure: readonly Program[] = [...plans, ...clusters];
