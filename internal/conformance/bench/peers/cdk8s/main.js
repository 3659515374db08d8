// The Deployments of the comparison; the argument is their number. The constructs are
// those that follow the API: the others of cdk8s-plus set fields of their own.
const { App, Chart } = require('cdk8s')
const { k8s } = require('cdk8s-plus-34')
const { IntOrString, Quantity } = k8s

const app = new App()
const chart = new Chart(app, 'bench')
for (let i = 0; i < Number(process.argv[2]); i++) {
  const name = `web-${i}`
  new k8s.KubeDeployment(chart, name, {
    metadata: {
      labels: { app: name },
      name: name,
      namespace: 'prod',
    },
    spec: {
      replicas: 3,
      selector: {
        matchLabels: { app: name },
      },
      template: {
        metadata: {
          labels: { app: name },
        },
        spec: {
          automountServiceAccountToken: false,
          containers: [{
            env: [{ name: 'DB_HOST', value: '127.0.0.1' }, { name: 'DB_PORT', value: '5432' }],
            image: 'web:1.2.3',
            livenessProbe: {
              httpGet: { path: '/live', port: IntOrString.fromString('http') },
            },
            name: 'web',
            ports: [{ containerPort: 8080, name: 'http' }],
            readinessProbe: {
              httpGet: { path: '/ready', port: IntOrString.fromString('http') },
              periodSeconds: 5,
            },
            resources: {
              limits: { cpu: Quantity.fromString('1'), memory: Quantity.fromString('512Mi') },
              requests: { cpu: Quantity.fromString('250m'), memory: Quantity.fromString('256Mi') },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: {
                drop: ['ALL'],
              },
            },
            volumeMounts: [{ mountPath: '/var/log/web', name: 'logs' }],
          }],
          initContainers: [{
            args: ['-c', '/etc/shipper.yaml'],
            image: 'shipper:2',
            name: 'logs',
            ports: [{ containerPort: 2020, name: 'metrics' }],
            resources: {
              limits: { cpu: Quantity.fromString('100m'), memory: Quantity.fromString('128Mi') },
              requests: { cpu: Quantity.fromString('50m'), memory: Quantity.fromString('64Mi') },
            },
            restartPolicy: 'Always',
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: {
                drop: ['ALL'],
              },
            },
            volumeMounts: [{
              mountPath: '/var/log/web',
              name: 'logs',
              readOnly: true,
            }],
          }, {
            image: 'haproxy:3.4',
            name: 'db',
            ports: [{ containerPort: 5432, name: 'db' }],
            resources: {
              limits: { cpu: Quantity.fromString('100m'), memory: Quantity.fromString('128Mi') },
              requests: { cpu: Quantity.fromString('25m'), memory: Quantity.fromString('32Mi') },
            },
            restartPolicy: 'Always',
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: {
                drop: ['ALL'],
              },
            },
            startupProbe: {
              failureThreshold: 60,
              periodSeconds: 1,
              tcpSocket: { port: IntOrString.fromString('db') },
            },
            volumeMounts: [{
              mountPath: '/usr/local/etc/haproxy',
              name: 'proxy',
              readOnly: true,
            }],
          }, {
            args: ['migrate', '--up'],
            env: [{ name: 'DB_HOST', value: '127.0.0.1' }],
            image: 'web:1.2.3',
            name: 'migrate',
            resources: {
              limits: { cpu: Quantity.fromString('100m'), memory: Quantity.fromString('128Mi') },
              requests: { cpu: Quantity.fromString('50m'), memory: Quantity.fromString('64Mi') },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: {
                drop: ['ALL'],
              },
            },
          }],
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10001,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          terminationGracePeriodSeconds: 45,
          volumes: [{
            emptyDir: { sizeLimit: Quantity.fromString('1Gi') },
            name: 'logs',
          }, {
            configMap: { name: 'proxy' },
            name: 'proxy',
          }],
        },
      },
    },
  })
}
process.stdout.write(app.synthYaml())
