/** Configuration: a YAML file and the environment, checked whole before anything opens. */
package io.postrider.server.config;
