# The scoring process and the desk, without the embedded store.  docker build -t spamguard .
# Of a release, so that the same commit gives the same files:
#   docker build -t spamguard --build-arg REVISION="$(git rev-parse HEAD)" --build-arg CREATED="$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)" .
# What it is built on and from; another mirror of these, or a digest, is one --build-arg.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=1970-01-01T00:00:00Z

FROM ${SDK_IMAGE} AS build
ARG SBOM_TOOL=6.3.1
RUN dotnet tool install CycloneDX --version ${SBOM_TOOL} --tool-path /tools

WORKDIR /source
# What a restore reads comes first, so that a change of code does not download every package again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/SpamGuard/SpamGuard.csproj src/SpamGuard/packages.lock.json src/SpamGuard/
COPY src/SpamGuard.Server/SpamGuard.Server.csproj src/SpamGuard.Server/packages.lock.json src/SpamGuard.Server/
RUN dotnet restore src/SpamGuard.Server --locked-mode -p:EmbeddedStore=false

# The analyzers' severities are part of the build: a banned member stops it here too.
COPY .editorconfig ./
COPY src/BannedSymbols.txt src/
COPY protos/ protos/
COPY src/SpamGuard/ src/SpamGuard/
COPY src/SpamGuard.Server/ src/SpamGuard.Server/
# For the machine's own architecture: libsodium is 17 MB for all there are, and .6 MB for one. And without symbols: they hold what the generator of log
# methods wrote, which puts classes in another order at each run, and an assembly holds the hash of its symbols.
ARG VERSION
ARG REVISION
RUN dotnet publish src/SpamGuard.Server -c Release --no-restore -p:EmbeddedStore=false --use-current-runtime --no-self-contained \
    -p:UseAppHost=false -p:ContinuousIntegrationBuild=true -p:Version=${VERSION} -p:SourceRevisionId=${REVISION} \
    -p:DebugType=none -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -o /app

# What the image holds besides its base: the packages, with versions, hashes and licences. And no file has the time at which it happened to be made.
ARG CREATED
RUN /tools/dotnet-CycloneDX src/SpamGuard.Server/SpamGuard.Server.csproj --disable-package-restore --exclude-dev \
    --set-name SpamGuard --set-version ${VERSION} --no-serial-number --output-format Json --output /app --filename sbom.cdx.json \
    && sed -i "s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"${CREATED}\"/" /app/sbom.cdx.json \
    && find /app -exec touch -d @0 {} +

# No shell, no package manager: what is not there cannot be used by whoever gets in.
FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build /app ./

# A dump, a trace or a debugger would hold addresses in the clear.
ENV DOTNET_EnableDiagnostics=0
# The base image listens on 8080 by default; the listeners are named by the configuration alone.
ENV ASPNETCORE_HTTP_PORTS=

# 5080 gRPC, 5081 HTTP, 5082 metrics, 5083 health.
EXPOSE 5080 5081 5082 5083

ARG VERSION
ARG REVISION
ARG CREATED
LABEL org.opencontainers.image.title="SpamGuard" \
      org.opencontainers.image.description="Is this event likely spam? A gRPC service that keeps what it knows about an address for seven days at most." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"

# By number: Kubernetes cannot tell from a name that it is not root.
USER 1654:1654
# For engines that ask so; Kubernetes asks the health port itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["dotnet", "SpamGuard.Server.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "SpamGuard.Server.dll"]
