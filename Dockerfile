# The scoring process, without the embedded store.  docker build -t spamguard .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What a restore reads comes first, so that a change of code does not download every package again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/SpamGuard/SpamGuard.csproj src/SpamGuard/packages.lock.json src/SpamGuard/
COPY src/SpamGuard.Server/SpamGuard.Server.csproj src/SpamGuard.Server/packages.lock.json src/SpamGuard.Server/
RUN dotnet restore src/SpamGuard.Server --locked-mode -p:EmbeddedStore=false

# The analyzers' severities are part of the build: a banned member stops it here too.
COPY .editorconfig ./
COPY protos/ protos/
COPY src/ src/
RUN dotnet publish src/SpamGuard.Server -c Release --no-restore -p:EmbeddedStore=false -p:UseAppHost=false -o /app

# No shell, no package manager: what is not there cannot be used by whoever gets in.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app ./

# A dump, a trace or a debugger would hold addresses in the clear.
ENV DOTNET_EnableDiagnostics=0
# The base image listens on 8080 by default; the listeners are named by the configuration alone.
ENV ASPNETCORE_HTTP_PORTS=

# 5080 gRPC, 5081 HTTP, 5082 metrics, 5083 health.
EXPOSE 5080 5081 5082 5083

# By number: Kubernetes cannot tell from a name that it is not root.
USER 1654:1654
ENTRYPOINT ["dotnet", "SpamGuard.Server.dll"]
