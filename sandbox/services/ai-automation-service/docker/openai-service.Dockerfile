FROM homeiq-sandbox/base:latest
ENV SANDBOX_SERVICE=openai-service
EXPOSE 8020
CMD ["node", "/app/stand-in.mjs"]
# .....................
